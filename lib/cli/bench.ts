/** `npm run bench`: a training step beside PyTorch's, in turn, and the pictures a second of the shipped model; to data/results/bench.json. */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { generateVideos } from "../evaluation/videos.ts";
import { disposeWork, stepWork, type Timed, timePeer, timeStep, writeWork } from "../experiments/bench/step.ts";
import { loadModel } from "../experiments/pipeline/models.ts";
import { ditDials } from "../model/dit/config.ts";
import { loadTokeniser } from "../model/tokeniser/tokeniser.ts";
import { promptsOf } from "../rollout/prompt.ts";
import { openBackend, PRODUCTS } from "../runtime/backend/backend.ts";
import { ensureExtra, TORCH } from "../runtime/setup/extras.ts";
import { currentCommit } from "../util/commit.ts";
import { UserError } from "../util/errors.ts";
import { writeJson } from "../util/files.ts";
import { fromRoot } from "../util/root.ts";
import { count, text } from "../util/schema.ts";
import { openWorld } from "../world/registry.ts";
import { runCommand } from "./command.ts";

const RESULTS = "data/results/bench.json";
const WORLD = "courtyard";

const options = z.strictObject({
  products: z.enum(PRODUCTS).default("bfloat16").describe("How both multiply; PyTorch's bfloat16 is autocast."),
  threads: count().max(256).default(1).describe("Threads of each."),
  rounds: count().default(3).describe("Turns of each."),
  steps: count().default(5).describe("Steps a turn, after two that are not counted."),
  videos: count().default(8).describe("Generated side by side."),
  clips: count().default(8).describe("Of each video, 16 frames each."),
  networks: text().default("checkpoints/courtyard").describe("Folder of the courtyard's networks."),
  model: ditDials.prefault({}),
});
const about =
  "Times a training step beside PyTorch's, and counts the pictures a second that are generated and decoded.";

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};
/** Losses of the same network on the same windows; bfloat16 rounds at other places in each. */
const TOLERANCE = { float32: 1e-4, bfloat16: 2e-2 };

type Asked = z.output<typeof options>;

/** Ours and PyTorch's in turn, so that what else the machine does meets both. */
async function compareStep(asked: Asked) {
  const { products, threads, rounds, steps, networks, model } = asked;
  const python = await ensureExtra(TORCH);
  const work = await stepWork(await openWorld(WORLD), loadTokeniser(join(networks, "tokeniser")), model);
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    writeWork(folder, work);
    const [ours, theirs]: [Timed[], (Timed & { version: string })[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      ours.push(timeStep(work, steps));
      theirs.push(await timePeer(python, folder, threads, products, steps));
    }
    const [own, peer] = [ours[0].loss, theirs[0].loss];
    if (!(Math.abs(own - peer) <= TOLERANCE[products] * peer))
      throw new UserError(`the losses differ: ${own} here, ${peer} in PyTorch`, "it is not the same network; mend one");
    const seconds = (timed: readonly Timed[]): number => median(timed.flatMap((each) => each.seconds));
    const [step, peerStep] = [seconds(ours), seconds(theirs)];
    return { peer: `PyTorch ${theirs[0].version}, eager`, step, peerStep, ratio: step / peerStep, loss: [own, peer] };
  } finally {
    disposeWork(work);
    rmSync(folder, { recursive: true });
  }
}

/** Pictures a second with everything: sampling, context and decoding; models are loaded and compiled before. */
async function generated({ videos, clips, networks }: Asked) {
  const world = await openWorld(WORLD);
  const model = loadModel(networks, { network: "base" });
  const prompts = await promptsOf(world, "evaluation", "basic", videos, clips);
  await generateVideos(model, prompts, { clips, side: videos });
  const began = performance.now();
  const made = await generateVideos(model, prompts, { clips, side: videos });
  const seconds = (performance.now() - began) / 1000;
  const frames = made.reduce((sum, { length }) => sum + length / (world.camera.width * world.camera.height * 3), 0);
  return { videos, frames, framesPerSecond: frames / seconds };
}

await runCommand({ name: "bench", about, options }, async (asked) => {
  const { products, threads } = asked;
  await openBackend({ threads, products });
  const training = await compareStep(asked);
  console.log(
    `training step, ${products} products, ${threads} threads: ${training.step.toFixed(3)} s of processor, ${training.peer} ${training.peerStep.toFixed(3)} s: ${training.ratio.toFixed(2)} times its time`,
  );
  const generation = [await generated({ ...asked, videos: 1 }), await generated(asked)];
  for (const { videos, framesPerSecond } of generation)
    console.log(`generation with decoding, ${videos} videos side by side: ${framesPerSecond.toFixed(0)} frames/s`);
  const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, load: loadavg(), node: process.version };
  const facts = { commit: currentCommit(), created: new Date().toISOString(), machine };
  writeJson(fromRoot(RESULTS), { ...facts, options: asked, training, generation });
  console.log(`${RESULTS}: written`);
});
