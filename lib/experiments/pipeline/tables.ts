/** Measures a world's models, controls and baselines on prompts that nothing was trained on, into data/results/main.json. */
import { join } from "node:path";
import { BASELINES, type Baseline, baselineVideos } from "../../evaluation/baselines.ts";
import { evaluateModel, evaluateVideos, evaluationSet } from "../../evaluation/on-world.ts";
import { loadDepthNetwork } from "../../model/depth/depth.ts";
import { ditCarrier } from "../../model/dit/portable.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import type { PromptKind } from "../../rollout/prompt.ts";
import { advise } from "../../util/config.ts";
import { UserError } from "../../util/errors.ts";
import { ownFolder } from "../../util/lock.ts";
import { Progress } from "../../util/progress.ts";
import { fromRoot } from "../../util/root.ts";
import { MAIN } from "../tables.ts";
import { CONFIGS, type TablesChoices } from "./config.ts";
import { networkDir, type Pipeline } from "./folders.ts";
import { Ledger } from "./ledger.ts";
import { type MeasuredModel, MODELS, metricsIn, modelsIn, openModel } from "./models.ts";

/** What is measured: prompts of a kind, clips of each video, the lengths, and which models. */
interface Setting {
  readonly kind: PromptKind;
  readonly prompts: number;
  readonly clips: number;
  readonly frames: readonly number[];
  readonly models: readonly MeasuredModel[];
  readonly baselines: readonly Baseline[];
}

/** The models that wider and longer settings compare. */
const COMPARED = MODELS.filter(({ model }) => ["base", "post-trained", "placebo", "dit+memory"].includes(model));
/** Frames of the paper's videos. */
const LENGTHS = [125, 253, 381];
const framesOfClips = (clips: number): number => 16 * clips - 3;
const CEILING: readonly Baseline[] = ["true-render", "tokeniser"];

/** The settings of the main table, then the wider and the longer ones. */
function settingsOf({ prompts, clips, wider }: TablesChoices): Setting[] {
  const frames = LENGTHS.filter((length) => length <= framesOfClips(clips));
  const main = (["basic", "combined"] as const).map(
    (kind): Setting => ({ kind, prompts, clips, frames, models: MODELS, baselines: BASELINES }),
  );
  if (!wider) return main;
  const compared = { models: COMPARED, baselines: CEILING };
  return [
    ...main,
    ...(["unseen", "quick", "slow", "fast"] as const).map(
      (kind): Setting => ({ kind, prompts, clips: 8, frames: [framesOfClips(8)], ...compared }),
    ),
    ...(["basic", "combined"] as const).map(
      (kind): Setting => ({ kind, prompts: Math.min(8, prompts), clips: 48, frames: [framesOfClips(48)], ...compared }),
    ),
  ];
}

async function measureSetting(pipeline: Pipeline, setting: Setting, ledger: Ledger, progress: Progress): Promise<void> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const depth = loadDepthNetwork(networkDir(pipeline, "depth"));
  const { engine } = pipeline;
  const networks = networkDir(pipeline, "");
  const metrics = metricsIn(networks);
  const { kind, prompts, clips, models, baselines, frames } = setting;
  const set = await evaluationSet(pipeline.world, kind, prompts, clips);
  const about = { world: pipeline.world.name, actions: kind, frames: Math.max(...frames) };
  const name = (model: string, sha256: string): string => [kind, frames.join("/"), prompts, model, sha256].join(" ");
  for (const model of baselines)
    await ledger.once(name(model, tokeniser.sha256), { ...about, model, trainingSeed: 0 }, async () => {
      const videos = await baselineVideos(model, set, { tokeniser, depth });
      return (await evaluateVideos({ model, trainingSeed: 0, samplingSeed: 0 }, videos, set, metrics, frames)).rows;
    });
  for (const measured of models) {
    const { model, trainingSeed, recalls, selects, guidance } = measured;
    const opened = openModel(networks, measured);
    await ledger.once(name(`${model} ${trainingSeed}`, opened.sha256), { ...about, model, trainingSeed }, async () => {
      // What a model recalls or selects with does not travel yet.
      const made =
        engine && !recalls && !selects
          ? {
              engine,
              portable: await ditCarrier(join(networks, "tokeniser"), opened.config, { guidance }).pack(
                engine,
                opened.params,
              ),
            }
          : opened.model;
      return (await evaluateModel({ model, trainingSeed, samplingSeed: 0 }, made, set, metrics, frames)).rows;
    });
    opened.dispose();
    progress.advance(prompts * clips);
  }
}

/** Is a model or baseline to be measured? @throws UserError where one is named that there is not */
function askedOf({ models }: TablesChoices): (name: string) => boolean {
  const known = [...new Set([...MODELS.map(({ model }) => model), ...BASELINES])];
  for (const name of models) {
    if (!known.includes(name))
      throw new UserError(
        `there is no model or baseline "${name}"`,
        advise(name, known, (other) => other),
      );
  }
  return (name) => models.length === 0 || models.includes(name);
}

/** Goes on where it was stopped; measures anew what has new weights, and says of which models there are none. */
export async function measureAll(pipeline: Pipeline): Promise<void> {
  const asked = askedOf(pipeline.configs?.tables ?? CONFIGS.tables);
  const there = modelsIn(networkDir(pipeline, "")).filter(({ model }) => asked(model));
  const missing = MODELS.filter((model) => asked(model.model) && !there.includes(model));
  if (missing.length > 0)
    process.stderr.write(`tables: not trained, so left out: ${missing.map(({ network }) => network).join(", ")}\n`);
  const settings = settingsOf(pipeline.configs?.tables ?? CONFIGS.tables).map((setting) => ({
    ...setting,
    models: setting.models.filter((model) => there.includes(model)),
    baselines: setting.baselines.filter(asked),
  }));
  const clips = settings.reduce((sum, setting) => sum + setting.models.length * setting.prompts * setting.clips, 0);
  const progress = new Progress("videos", clips, 0, { unit: "clips" });
  const release = ownFolder(fromRoot(pipeline.dir), "a measurement");
  try {
    const ledger = new Ledger(fromRoot(MAIN), fromRoot(join(pipeline.dir, "measured.json")));
    for (const setting of settings) await measureSetting(pipeline, setting, ledger, progress);
  } finally {
    release();
  }
  progress.finish();
}
