import type * as tf from "@tensorflow/tfjs-core";
import type { ModelConfig } from "../../lib/model/legacy/config.ts";
import { modelSpec } from "../../lib/model/legacy/spec.ts";
import { type Init, initParams, mapEntries, type Params } from "../../lib/model/nn/params.ts";
import type { Reward } from "../../lib/rewards/index.ts";
import { mean } from "../../lib/util/statistics.ts";
import { SMALL } from "../model/legacy/small.ts";

/** A world model that is quick, and whose every part matters: nothing starts at zero. */
export const TINY: ModelConfig = { ...SMALL, width: 32 };

export function tinyParams(seed = 0): Params {
  const spec = mapEntries(modelSpec(TINY), (init): Init => {
    return "fill" in init && init.fill === 0 ? { shape: init.shape, std: 0.15 } : init;
  });
  return initParams(spec, seed);
}

/** Prefers bright pictures. */
export const BRIGHTNESS: Reward = { name: "brightness", score: (clips) => clips.map(({ frames }) => mean(frames)) };

/** Largest absolute difference. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

export const allValues = (params: Params): Float32Array[] =>
  Object.values(params).map((t) => (t as tf.Tensor).dataSync() as Float32Array);
