/** The two estimators. They share no features, no seed and no scene, so that one can judge what the other rewarded. */
import type * as tf from "@tensorflow/tfjs-core";
import type { ParamSpec } from "../../model/nn/params.ts";
import { UserError } from "../../util/errors.ts";
import type { Split } from "../../world/index.ts";
import { COST_CHANNELS, COST_GRID, COST_VIEWS, costFeatures } from "./cost-features.ts";
import type { Features } from "./features.ts";
import { FLOW_CHANNELS, FLOW_GRID, FLOW_VIEWS, flowFeatures } from "./flow-features.ts";
import { type HeadConfig, headSpec } from "./head.ts";

/** `reward` is trained against; `evaluation` only ever measures. */
export const ESTIMATOR_KINDS = ["reward", "evaluation"] as const;
export type EstimatorKind = (typeof ESTIMATOR_KINDS)[number];

export interface EstimatorDesign {
  readonly split: Split;
  readonly seed: number;
  /** Halved frames [n * 5, 24, 120] in 0..1 -> features, without parameters. */
  readonly features: (frames: tf.Tensor) => Features;
  readonly head: HeadConfig;
}

export const DESIGNS: Readonly<Record<EstimatorKind, EstimatorDesign>> = {
  reward: {
    split: "estimator-reward",
    seed: 101,
    features: flowFeatures,
    head: { grid: FLOW_GRID, channels: FLOW_CHANNELS, views: FLOW_VIEWS, kernel: 3, widths: [32, 48, 96] },
  },
  evaluation: {
    split: "estimator-evaluation",
    seed: 202,
    features: costFeatures,
    head: { grid: COST_GRID, channels: COST_CHANNELS, views: COST_VIEWS, kernel: 1, widths: [48, 48, 128] },
  },
};

/** @throws UserError if there is no such estimator */
export function estimatorKind(name: string): EstimatorKind {
  const kind = ESTIMATOR_KINDS.find((known) => known === name);
  if (kind) return kind;
  throw new UserError(`There is no estimator "${name}".`, `Use one of ${ESTIMATOR_KINDS.join(", ")}.`);
}

/** Names and shapes of an estimator's parameters. */
export const estimatorSpec = (kind: EstimatorKind): ParamSpec => headSpec(DESIGNS[kind].head);
