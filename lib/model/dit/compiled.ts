/** The network as compiled graphs: one for every number of rows and length of context. */
import type * as tf from "@tensorflow/tfjs-core";
import { compile } from "../../runtime/backend/compile.ts";
import type { Params } from "../nn/params.ts";
import type { KeyValue } from "./attention.ts";
import type { DitConfig } from "./config.ts";
import { type ClipBatch, encodeContext, type RawCache, velocityWithCache } from "./network.ts";

export interface Network {
  /** Keys and values of finished clips, each alone. */
  encode(p: Params, clips: ClipBatch): RawCache;
  /** Velocities of target clips against cached context. */
  velocity(p: Params, target: ClipBatch, context: KeyValue[]): tf.Tensor;
}

/** Numbers of rows times context lengths that a program may come to. */
const SIGNATURES = 200;

const known = new Map<string, Network>();

/** Compiled once for every shape of network, whatever the weights. */
export function compiledNetwork(config: DitConfig): Network {
  const key = JSON.stringify(config);
  const network = known.get(key) ?? {
    encode: compile((p: Params, clips: ClipBatch) => encodeContext(p, config, clips), {
      name: "context",
      signatures: SIGNATURES,
    }),
    velocity: compile(
      (p: Params, target: ClipBatch, context: KeyValue[]) => velocityWithCache(p, config, target, context),
      { name: "velocity", signatures: SIGNATURES },
    ),
  };
  known.set(key, network);
  return network;
}
