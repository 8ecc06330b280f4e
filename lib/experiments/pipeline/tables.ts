/** Measures a world's models, controls and baselines on prompts that nothing was trained on, into data/results/main.json. */
import { BASELINES, baselineVideos } from "../../evaluation/baselines.ts";
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
import { type EvaluationSet, evaluateModel, evaluateVideos, evaluationSet } from "../../evaluation/on-world.ts";
import { type Row, recordRows } from "../../evaluation/report.ts";
import { loadDepthNetwork } from "../../model/depth/depth.ts";
import { makeDit } from "../../model/dit/dit.ts";
import { loadDit } from "../../model/dit/published.ts";
import type { Params } from "../../model/nn/params.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import { loadActionEstimator } from "../../rewards/actions/estimators.ts";
import { loadPreference } from "../../rewards/preference/index.ts";
import { Progress } from "../../util/progress.ts";
import { fromRoot } from "../../util/root.ts";
import { FINE_TUNED, silenced } from "./controls.ts";
import { networkDir, type Pipeline } from "./folders.ts";
import { RECALLING } from "./memory.ts";
import { ARMS, armName } from "./post.ts";

export const MAIN = "data/results/main.json";

/** Prompts of each kind of commands, clips of each video, and the lengths that are measured. */
const PROMPTS = 32;
const CLIPS = 24;
const HORIZONS = [125, 253, 381];
const COMMANDS = ["basic", "combined"] as const;

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

async function baselineRows(pipeline: Pipeline, set: EvaluationSet, metrics: readonly Metric[]): Promise<Row[]> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const depth = loadDepthNetwork(networkDir(pipeline, "depth"));
  const rows: Row[] = [];
  for (const model of BASELINES) {
    const videos = await baselineVideos(model, set, { tokeniser, depth });
    const about = { model, trainingSeed: 0, samplingSeed: 0 };
    rows.push(...(await evaluateVideos(about, videos, set, metrics, HORIZONS)).rows);
  }
  return rows;
}

export async function measureAll(pipeline: Pipeline): Promise<void> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const depth = loadDepthNetwork(networkDir(pipeline, "depth"));
  const metrics = metricsOf(pipeline);
  const progress = new Progress("videos", MODELS.length * COMMANDS.length * PROMPTS * CLIPS, 0, { unit: "clips" });
  for (const commands of COMMANDS) {
    const set = await evaluationSet(pipeline.world, commands, PROMPTS, CLIPS);
    recordRows(fromRoot(MAIN), await baselineRows(pipeline, set, metrics));
    for (const { model, network, trainingSeed, change, recalls } of MODELS) {
      const { params, model: config } = loadDit(networkDir(pipeline, network), tokeniser.sha256);
      const dit = makeDit(change?.(params) ?? params, config, tokeniser, recalls ? { recall: depth } : {});
      const about = { model, trainingSeed, samplingSeed: 0 };
      const { rows } = await evaluateModel(about, dit, set, metrics, HORIZONS, (clips) => progress.advance(clips));
      recordRows(fromRoot(MAIN), rows);
    }
  }
  progress.finish();
}
