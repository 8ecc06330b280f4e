/** Measures a world's models, controls and baselines on prompts that nothing was trained on, into data/results/main.json. */
import { join } from "node:path";
import { BASELINES, type Baseline, baselineVideos } from "../../evaluation/baselines.ts";
import {
  estimatedAccuracy,
  type Metric,
  psnrToTruth,
  rotationError,
  ssimToTruth,
  translationError,
  trueAccuracy,
  visualScore,
} from "../../evaluation/measure.ts";
import { evaluateModel, evaluateVideos, evaluationSet } from "../../evaluation/on-world.ts";
import { loadDepthNetwork } from "../../model/depth/depth.ts";
import { makeDit } from "../../model/dit/dit.ts";
import { ditCarrier } from "../../model/dit/portable.ts";
import { loadDit } from "../../model/dit/published.ts";
import { disposeParams, type Params } from "../../model/nn/params.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import { loadActionEstimator } from "../../rewards/actions/estimators.ts";
import { loadPreference } from "../../rewards/preference/index.ts";
import type { PromptKind } from "../../rollout/prompt.ts";
import { Progress } from "../../util/progress.ts";
import { fromRoot } from "../../util/root.ts";
import { FINE_TUNED, silenced } from "./controls.ts";
import { networkDir, type Pipeline } from "./folders.ts";
import { Ledger } from "./ledger.ts";
import { RECALLING } from "./memory.ts";
import { ARMS, armName } from "./post.ts";

export const MAIN = "data/results/main.json";

/** What is measured: prompts of a kind, clips of each video, the lengths, and which models. */
interface Setting {
  readonly kind: PromptKind;
  readonly prompts: number;
  readonly clips: number;
  readonly frames: readonly number[];
  readonly models: readonly Measured[];
  readonly baselines: readonly Baseline[];
}

interface Measured {
  readonly model: string;
  readonly network: string;
  readonly trainingSeed: number;
  /** Was it trained with what it recalls? */
  readonly recalls?: boolean;
  /** What is done to its weights. */
  readonly change?: (params: Params) => Params;
}

const MODELS: readonly Measured[] = [
  { model: "base", network: "base", trainingSeed: 0 },
  { model: "dit+memory", network: RECALLING, trainingSeed: 0, recalls: true },
  { model: "silenced", network: "base", trainingSeed: 0, change: silenced },
  ...FINE_TUNED.map((name) => ({ model: name, network: name, trainingSeed: 0 })),
  ...ARMS.flatMap((arm) =>
    arm.seeds.map((seed) => ({ model: arm.name, network: armName(arm, seed), trainingSeed: seed })),
  ),
];

/** The models that wider and longer settings compare. */
const COMPARED = MODELS.filter(({ model }) => ["base", "post-trained", "placebo", "dit+memory"].includes(model));
const CEILING: readonly Baseline[] = ["true-render", "tokeniser"];

const SETTINGS: readonly Setting[] = [
  ...(["basic", "combined"] as const).map((kind) => ({
    kind,
    prompts: 32,
    clips: 24,
    frames: [125, 253, 381],
    models: MODELS,
    baselines: BASELINES,
  })),
  ...(["unseen", "quick", "slow", "fast"] as const).map((kind) => ({
    kind,
    prompts: 32,
    clips: 8,
    frames: [125],
    models: COMPARED,
    baselines: CEILING,
  })),
  ...(["basic", "combined"] as const).map((kind) => ({
    kind,
    prompts: 8,
    clips: 48,
    frames: [765],
    models: COMPARED,
    baselines: CEILING,
  })),
];

function metricsOf(pipeline: Pipeline): Metric[] {
  const networks = networkDir(pipeline, "");
  return [
    estimatedAccuracy(loadActionEstimator(networks, "evaluation")),
    trueAccuracy,
    rotationError,
    translationError,
    psnrToTruth,
    ssimToTruth,
    visualScore(loadPreference(networkDir(pipeline, "preference-heldout"))),
  ];
}

async function measureSetting(pipeline: Pipeline, setting: Setting, ledger: Ledger, progress: Progress): Promise<void> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const depth = loadDepthNetwork(networkDir(pipeline, "depth"));
  const { engine } = pipeline;
  const metrics = metricsOf(pipeline);
  const { kind, prompts, clips, models, baselines, frames } = setting;
  const set = await evaluationSet(pipeline.world, kind, prompts, clips);
  const about = { world: pipeline.world.name, actions: kind, frames: Math.max(...frames) };
  const name = (model: string, sha256: string): string => [kind, frames.join("/"), prompts, model, sha256].join(" ");
  for (const model of baselines)
    await ledger.once(name(model, tokeniser.sha256), { ...about, model, trainingSeed: 0 }, async () => {
      const videos = await baselineVideos(model, set, { tokeniser, depth });
      return (await evaluateVideos({ model, trainingSeed: 0, samplingSeed: 0 }, videos, set, metrics, frames)).rows;
    });
  for (const { model, network, trainingSeed, change, recalls } of models) {
    const { params, model: config, sha256 } = loadDit(networkDir(pipeline, network), tokeniser.sha256);
    await ledger.once(name(`${model} ${trainingSeed}`, sha256), { ...about, model, trainingSeed }, async () => {
      const changed = change?.(params) ?? params;
      // What a model recalls with does not travel yet.
      const measured =
        engine && !recalls
          ? { engine, portable: await ditCarrier(networkDir(pipeline, "tokeniser"), config).pack(engine, changed) }
          : makeDit(changed, config, tokeniser, recalls ? { recall: depth } : {});
      return (await evaluateModel({ model, trainingSeed, samplingSeed: 0 }, measured, set, metrics, frames)).rows;
    });
    disposeParams(params);
    progress.advance(prompts * clips);
  }
}

/** Goes on where it was stopped; measures anew what has new weights. */
export async function measureAll(pipeline: Pipeline): Promise<void> {
  const clips = SETTINGS.reduce((sum, setting) => sum + setting.models.length * setting.prompts * setting.clips, 0);
  const progress = new Progress("videos", clips, 0, { unit: "clips" });
  const ledger = new Ledger(fromRoot(MAIN), fromRoot(join(pipeline.dir, "measured.json")));
  for (const setting of SETTINGS) await measureSetting(pipeline, setting, ledger, progress);
  progress.finish();
}
