/** The models of a world that are measured, and what is measured of them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
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
import { loadDepthNetwork } from "../../model/depth/depth.ts";
import type { DitConfig } from "../../model/dit/config.ts";
import { makeDit } from "../../model/dit/dit.ts";
import { loadDit } from "../../model/dit/published.ts";
import { disposeParams, type Params } from "../../model/nn/params.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import type { WorldModel } from "../../model/worldModel.ts";
import { loadActionEstimator } from "../../rewards/actions/estimators.ts";
import { loadPreference } from "../../rewards/preference/preference.ts";
import { exploration } from "../../rollout/explore.ts";
import { type Selection, selecting } from "../../rollout/selecting.ts";
import { lookUp, rewardNetworksIn } from "../../training/registry.ts";
import { fromRoot } from "../../util/root.ts";
import { CONFIGS } from "./config.ts";
import { FINE_TUNED, silenced } from "./controls.ts";
import { RECALLING } from "./memory.ts";
import { ARMS, armName } from "./post.ts";

export interface MeasuredModel {
  readonly model: string;
  readonly trainingSeed: number;
  /** Folder of its network, below that of the world's. */
  readonly network: string;
  /** Weight of action guidance in its sampler. Default: 1, none. */
  readonly guidance?: number;
  /** Was it trained with what it recalls? */
  readonly recalls?: boolean;
  /** Guidance of twelve candidates in turn, of which the best by the shipped reward is each next clip: no training, twelve times the work. */
  readonly selects?: readonly number[];
  /** What is done to its weights. */
  readonly change?: (params: Params) => Params;
}

/** What a sampler that asks for more of the command gives without any training. */
const GUIDANCE = 2;

export const MODELS: readonly MeasuredModel[] = [
  { model: "base", network: "base", trainingSeed: 0 },
  { model: "dit+memory", network: RECALLING, trainingSeed: 0, recalls: true },
  { model: "guided", network: "base", trainingSeed: 0, guidance: GUIDANCE },
  { model: "selected", network: "base", trainingSeed: 0, selects: [1] },
  { model: "selected-guided", network: "base", trainingSeed: 0, selects: CONFIGS.post.rollout.explore.guidance },
  { model: "silenced", network: "base", trainingSeed: 0, change: silenced },
  ...FINE_TUNED.map((name) => ({ model: name, network: name, trainingSeed: 0 })),
  ...ARMS.flatMap((arm) =>
    arm.seeds.map((seed) => ({ model: arm.name, network: armName(arm, seed), trainingSeed: seed })),
  ),
  { model: "post-trained-guided", network: "post-trained-0", trainingSeed: 0, guidance: GUIDANCE },
];

const isThere = (networks: string, name: string): boolean => existsSync(fromRoot(join(networks, name, "config.json")));

/** Those of the models whose networks are in this folder. */
export const modelsIn = (networks: string): MeasuredModel[] =>
  MODELS.filter(({ network }) => isThere(networks, network));

export interface OpenedModel {
  readonly model: WorldModel;
  /** Its weights, changed where the model asks for it. */
  readonly params: Params;
  readonly config: DitConfig;
  /** SHA-256 of its weights as they are stored. */
  readonly sha256: string;
  dispose(): void;
}

/** @param networks folder of a world's networks: checkpoints/courtyard, runs/courtyard/networks */
export function openModel(
  networks: string,
  { network, change, recalls, selects, guidance = 1 }: Omit<MeasuredModel, "model" | "trainingSeed">,
): OpenedModel {
  const tokeniser = loadTokeniser(join(networks, "tokeniser"));
  const { params: stored, model: config, sha256 } = loadDit(join(networks, network), tokeniser.sha256);
  const recall = recalls ? { recall: loadDepthNetwork(join(networks, "depth")) } : {};
  const options = { guidance, ...recall };
  const params = change?.(stored) ?? stored;
  const dispose = (): void => {
    disposeParams(stored);
    if (params !== stored) disposeParams(params);
  };
  const made = makeDit(params, config, tokeniser, options);
  const model = selects ? selecting(made, selectionOf(networks, selects)) : made;
  return { model, params, config, sha256, dispose };
}

/** As post-training makes and scores candidates. */
function selectionOf(networks: string, guidance: readonly number[]): Selection {
  const { branches } = CONFIGS.post.rollout;
  const reward = lookUp("reward", "interactionNear")(rewardNetworksIn(fromRoot(networks)));
  return { reward, branches, explore: exploration({ eta: 0, guidance: [...guidance], perturbed: 0 }) };
}

/** The model alone, for as long as the program runs. */
export const loadModel = (networks: string, measured: Parameters<typeof openModel>[1]): WorldModel =>
  openModel(networks, measured).model;

/** Everything that can be measured with the networks of this folder: what needs none, and the evaluators that are there. */
export function metricsIn(networks: string): Metric[] {
  return [
    ...(isThere(networks, "actions-flow") ? [estimatedAccuracy(loadActionEstimator(networks, "evaluation"))] : []),
    trueAccuracy,
    rotationError,
    translationError,
    psnrToTruth,
    ssimToTruth,
    ...(isThere(networks, "preference-heldout")
      ? [visualScore(loadPreference(join(networks, "preference-heldout")))]
      : []),
  ];
}
