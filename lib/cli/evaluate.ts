/**
 * `npm run evaluate -- --network runs/courtyard/networks/base`: measures a model on its world's evaluation prompts, prints the
 * table, and writes a sheet of pictures beside the truth. `--run DIR` takes the averaged weights of a training that is under way.
 */
import { join } from "node:path";
import { contactSheet } from "../display/media/index.ts";
import { psnrToTruth, ssimToTruth, trueAccuracy } from "../evaluation/measure.ts";
import { evaluateModel, evaluationSet } from "../evaluation/on-world.ts";
import { type Row, summarise } from "../evaluation/report.ts";
import { DIT_DEFAULTS, type DitConfig } from "../model/dit/config.ts";
import { makeDit } from "../model/dit/dit.ts";
import { loadDit } from "../model/dit/published.ts";
import { loadParams } from "../model/nn/checkpoint.ts";
import { type Params, subParams } from "../model/nn/params.ts";
import { SAMPLER_DEFAULTS } from "../model/sampler.ts";
import { loadTokeniser, type Tokeniser } from "../model/tokeniser/tokeniser.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { latentShapeOf } from "../training/base/corpus.ts";
import { writeAtomic } from "../util/files.ts";
import { Progress } from "../util/progress.ts";
import { openWorld } from "../world/registry.ts";
import type { World } from "../world/world.ts";
import { parseOptions, runMain } from "./options.ts";

const COMMANDS = ["basic", "combined"] as const;

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
  return `${row.actions} ${row.frames} frames  ${row.metric} ${mean.toFixed(2)} ± ${error.toFixed(2)} ${row.unit}`;
};

runMain(async () => {
  const options = parseOptions({
    world: "courtyard",
    tokeniser: "runs/courtyard/networks/tokeniser",
    network: "runs/courtyard/networks/base",
    run: "",
    prompts: 8,
    clips: 8,
    seed: 0,
    steps: SAMPLER_DEFAULTS.steps,
    sheet: "",
    accuracy: true,
    threads: 0,
  });
  await openBackend({ threads: options.threads || undefined, products: "bfloat16" });
  const world = await openWorld(options.world);
  const tokeniser = loadTokeniser(options.tokeniser);
  const { params, model } = options.run
    ? paramsOfRun(options.run, tokeniser, world)
    : loadDit(options.network, tokeniser.sha256);
  const dit = makeDit(params, model, tokeniser, { sampler: { ...SAMPLER_DEFAULTS, steps: options.steps } });
  const metrics = [psnrToTruth, ssimToTruth, ...(options.accuracy ? [trueAccuracy] : [])];
  const horizons = Array.from({ length: options.clips }, (_, n) => 16 * (n + 1) - 3).filter(
    (_, n) => n === 0 || n === options.clips - 1,
  );
  const sheets: { frames: Uint8Array; label: string }[] = [];
  const progress = new Progress("videos", COMMANDS.length * options.prompts * options.clips, 0, { unit: "clips" });
  for (const commands of COMMANDS) {
    const set = await evaluationSet(world, commands, options.prompts, options.clips);
    const about = { model: "model", trainingSeed: 0, samplingSeed: options.seed };
    const { rows, videos } = await evaluateModel(about, dit, set, metrics, horizons, (n) => progress.advance(n));
    for (const row of rows) console.log(shown(row));
    for (let i = 0; i < Math.min(4, videos.length); i++) {
      sheets.push({ frames: set.truths[i] as Uint8Array, label: `${commands} ${i} truth` });
      sheets.push({ frames: videos[i], label: "model" });
    }
  }
  progress.finish();
  if (options.sheet) {
    const { width, height } = world.camera;
    const rows = sheets.map(({ frames }) => ({ frames, width, height, fps: 24 }));
    const columns = Array.from({ length: options.clips + 1 }, (_, n) => Math.max(0, 16 * n - 4));
    writeAtomic(options.sheet, contactSheet(rows, { labels: sheets.map(({ label }) => label), frames: columns }));
    console.log(`${options.sheet}: written`);
  }
  await world.close();
});
