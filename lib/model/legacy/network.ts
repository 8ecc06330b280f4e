/** What a rollout evaluates: the network as it is, or compiled, which takes a quarter less time once it is. */
import * as tf from "@tensorflow/tfjs-core";
import { compile } from "../../runtime/backend/compile.ts";
import type { Params } from "../nn/params.ts";
import type { KeyValue } from "./attention.ts";
import type { ModelConfig } from "./config.ts";
import { type ClipBatch, encodeContext, type RawCache, velocityWithCache } from "./dit.ts";

export interface Network {
  /** Keys and values of finished clips, each alone. */
  encode(p: Params, clips: ClipBatch): RawCache;
  /** Velocities of target clips against cached context. */
  velocity(p: Params, target: ClipBatch, context: KeyValue[]): tf.Tensor;
}

export const plainNetwork = (config: ModelConfig): Network => ({
  encode: (p, clips) => tf.tidy(() => encodeContext(p, config, clips)),
  velocity: (p, target, context) => tf.tidy(() => velocityWithCache(p, config, target, context)),
});

/** Numbers of videos times context lengths that a program may come to. */
const SIGNATURES = 200;

const compiled = new Map<string, Network>();

/** Compiled once for every shape of network, whatever the weights: a few seconds for each number of videos and context length. */
export function compiledNetwork(config: ModelConfig): Network {
  const key = JSON.stringify(config);
  const known = compiled.get(key) ?? {
    encode: compile((p: Params, clips: ClipBatch) => encodeContext(p, config, clips), {
      name: "context",
      signatures: SIGNATURES,
    }),
    velocity: compile(
      (p: Params, target: ClipBatch, context: KeyValue[]) => velocityWithCache(p, config, target, context),
      { name: "velocity", signatures: SIGNATURES },
    ),
  };
  compiled.set(key, known);
  return known;
}
