/**
 * `npm run evaluate -- --network checkpoints/courtyard/base --sheet pictures.png` measures a model of ours;
 * `-- --videos DIR --actions FILE` anybody's videos; `-- --url http://127.0.0.1:8000` a model in another program.
 */
import { basename, join } from "node:path";
import { z } from "zod";
import { contactSheet } from "../display/media/contact-sheet.ts";
import { RATE } from "../evaluation/anybody/load.ts";
import { measureModelAt, measureVideosIn } from "../evaluation/anybody/run.ts";
import { psnrToTruth, ssimToTruth, trueAccuracy } from "../evaluation/measure.ts";
import { evaluateModel, evaluationSet } from "../evaluation/on-world.ts";
import { type Row, summarise } from "../evaluation/report.ts";
import type { Labelled } from "../evaluation/show.ts";
import { DIT_DEFAULTS, type DitConfig } from "../model/dit/config.ts";
import { makeDit } from "../model/dit/dit.ts";
import { loadDit } from "../model/dit/published.ts";
import { findNetworks } from "../model/hub/find.ts";
import { loadParams } from "../model/nn/checkpoint.ts";
import { type Params, subParams } from "../model/nn/params.ts";
import { SAMPLER_DEFAULTS } from "../model/sampler.ts";
import { loadTokeniser, type Tokeniser } from "../model/tokeniser/tokeniser.ts";
import type { WorldModel } from "../model/worldModel.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { latentShapeOf } from "../training/base/corpus.ts";
import { UserError } from "../util/errors.ts";
import { writeAtomic } from "../util/files.ts";
import { Progress } from "../util/progress.ts";
import { count, positive, text, threads, weight, whole } from "../util/schema.ts";
import { openWorld, WORLD_NAMES } from "../world/registry.ts";
import type { World } from "../world/world.ts";
import { runCommand } from "./command.ts";

const COMMANDS = ["basic", "combined"] as const;
/** Prompts of each kind in the picture. */
const SHOWN = 4;

/** The averaged weights of a training under way. */
function paramsOfRun(dir: string, tokeniser: Tokeniser, { camera, step }: World): { params: Params; model: DitConfig } {
  const { params } = loadParams(join(dir, "state.safetensors"));
  return {
    params: subParams(params, "ema"),
    model: { latent: latentShapeOf(tokeniser), camera, step, ...DIT_DEFAULTS },
  };
}

const shown = (row: Row): string => {
  const { mean, error } = summarise([row]);
  return `${row.model} ${row.actions} ${row.frames} frames  ${row.metric} ${mean.toFixed(2)} ± ${error.toFixed(2)} ${row.unit}`;
};

const options = z.strictObject({
  world: z.enum(WORLD_NAMES).default("courtyard"),
  tokeniser: text().default("checkpoints/courtyard/tokeniser").describe("Folder of the tokeniser."),
  network: text().default("checkpoints/courtyard/base").describe("Folder of the model."),
  model: text()
    .optional()
    .describe("Folder of a world's networks, or owner/name on the Hub: tokeniser, base and evaluators."),
  beside: text().optional().describe("Folder of a second model of the same tokeniser, measured and shown beside it."),
  run: text().optional().describe("Folder of a training under way, whose averaged weights are taken instead."),
  prompts: count(1000).default(8).describe("Prompts of each kind of commands."),
  clips: count(1000).default(8).describe("Clips of each video, 16 frames each."),
  seed: whole().default(0).describe("Of the videos' noise."),
  steps: count(1000).default(SAMPLER_DEFAULTS.steps).describe("Euler steps of the sampler."),
  guidance: weight().default(1).describe("Weight of action guidance in the sampler; 1 is none."),
  sheet: text().optional().describe("PNG file for pictures beside the truth."),
  videos: text().optional().describe("Folder of anybody's videos, to be measured instead of a model of ours."),
  actions: text().optional().describe('Of --videos: a file with a line "name.mp4: w-31, right-16" for each.'),
  truth: text().optional().describe("Of --videos: folder of the true videos, of the same names."),
  rate: positive()
    .max(1000)
    .default(RATE)
    .describe("Of --videos: frames a second at which one latent of a command is 4 frames."),
  url: text().optional().describe("Address of a model in another program (docs/models.md), measured instead of ours."),
  token: text().optional().describe("Of --url: the token that it asks for."),
  networks: text().default("checkpoints/courtyard").describe("Of --videos and --url: folder of the evaluators."),
  rewards: z
    .array(text())
    .default([])
    .describe("Of --videos and --url: rewards at addresses (docs/scorers.md) to be measured beside, mine=http://…"),
  out: text().default("runs/evaluate").describe("Of --videos and --url: folder of the page and report.json."),
  accuracy: z.boolean().default(true).describe("Measure action accuracy under the true world, the slowest part."),
  threads: threads(),
});
const about =
  "Measures a model on its world's evaluation prompts, with pictures beside the truth; or anybody's videos (--videos), or a model in another program (--url).";

type Asked = z.output<typeof options>;

async function measureAnybody(asked: Asked): Promise<void> {
  const { videos, actions, url, truth } = asked;
  if (videos !== undefined && url !== undefined) throw new UserError("both --videos and --url", "give one of them");
  if (videos === undefined && (actions ?? truth) !== undefined)
    throw new UserError(`${actions === undefined ? "--truth" : "--actions"} without --videos`, "give --videos DIR");
  if (videos !== undefined) {
    if (actions === undefined) throw new UserError("--videos without --actions", "give the file of their commands");
    await openBackend({ threads: asked.threads });
    console.log((await measureVideosIn({ ...asked, videos, actions })).text);
    return;
  }
  await openBackend({ threads: asked.threads });
  const world = await openWorld(asked.world);
  console.log((await measureModelAt({ ...asked, world, url: url as string, trueWorld: asked.accuracy })).text);
  await world.close();
}

interface Measured {
  readonly name: string;
  readonly model: WorldModel;
}

/** The model that is asked for, and the one to be seen beside it. */
function modelsOf(asked: Asked, world: World): Measured[] {
  const tokeniser = loadTokeniser(asked.tokeniser);
  const sampler = { ...SAMPLER_DEFAULTS, steps: asked.steps };
  const made = (name: string, { params, model }: { params: Params; model: DitConfig }): Measured => ({
    name: basename(name),
    model: makeDit(params, model, tokeniser, { sampler, guidance: asked.guidance }),
  });
  const { run, network, beside } = asked;
  const first = run ? made(run, paramsOfRun(run, tokeniser, world)) : made(network, loadDit(network, tokeniser.sha256));
  return beside === undefined ? [first] : [first, made(beside, loadDit(beside, tokeniser.sha256))];
}

async function measureOurs(asked: Asked): Promise<void> {
  await openBackend({ threads: asked.threads, products: "bfloat16" });
  const world = await openWorld(asked.world);
  const models = modelsOf(asked, world);
  const metrics = [psnrToTruth, ssimToTruth, ...(asked.accuracy ? [trueAccuracy] : [])];
  const horizons = Array.from({ length: asked.clips }, (_, n) => 16 * (n + 1) - 3).filter(
    (_, n) => n === 0 || n === asked.clips - 1,
  );
  const pictures: Labelled[] = [];
  const clips = COMMANDS.length * models.length * asked.prompts * asked.clips;
  const progress = new Progress("videos", clips, 0, { unit: "clips" });
  for (const commands of COMMANDS) {
    const set = await evaluationSet(world, commands, asked.prompts, asked.clips);
    const made: Labelled[][] = [];
    for (const { name, model } of models) {
      const about = { model: name, trainingSeed: 0, samplingSeed: asked.seed };
      const { rows, videos } = await evaluateModel(about, model, set, metrics, horizons, (n) => progress.advance(n));
      for (const row of rows) console.log(shown(row));
      made.push(videos.map((frames) => ({ frames, label: name })));
    }
    for (let i = 0; i < Math.min(SHOWN, asked.prompts); i++) {
      pictures.push({ frames: set.truths[i] as Uint8Array, label: `${commands} ${i} truth` });
      pictures.push(...made.map((videos) => videos[i]));
    }
  }
  progress.finish();
  if (asked.sheet) {
    const { width, height } = world.camera;
    const rows = pictures.map(({ frames }) => ({ frames, width, height, fps: 24 }));
    const columns = Array.from({ length: asked.clips + 1 }, (_, n) => Math.max(0, 16 * n - 4));
    writeAtomic(asked.sheet, contactSheet(rows, { labels: pictures.map(({ label }) => label), frames: columns }));
    console.log(`${asked.sheet}: written`);
  }
  await world.close();
}

/** The networks of one folder, where the options name it as a whole. */
async function resolved(asked: Asked): Promise<Asked> {
  if (asked.model === undefined) return asked;
  const networks = await findNetworks(asked.model);
  return { ...asked, networks, network: join(networks, "base"), tokeniser: join(networks, "tokeniser") };
}

await runCommand({ name: "evaluate", about, options }, async (given) => {
  const asked = await resolved(given);
  const theirs = asked.videos ?? asked.url ?? asked.actions ?? asked.truth;
  return theirs === undefined ? measureOurs(asked) : measureAnybody(asked);
});
