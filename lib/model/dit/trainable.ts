/** The transformer as a policy that can be trained: its conditions as tensors, and velocities as a function of the parameters. */
import * as tf from "@tensorflow/tfjs-core";
import { joinFloats } from "../../util/arrays.ts";
import { CLIP_LATENTS } from "../clip.ts";
import type { Params } from "../nn/params.ts";
import type { Tokeniser } from "../tokeniser/tokeniser.ts";
import type { Clip, TrainableWorldModel, TrainingBatch, TrainingPoint } from "../worldModel.ts";
import { type KeyValue, ropeRotation, rotate, swapHeads } from "./attention.ts";
import { addNoise, clipBatch, type HostClip } from "./batch.ts";
import { clipTokens, type DitConfig, latentSize } from "./config.ts";
import { makeDit } from "./dit.ts";
import { type ClipBatch, encodeContext, velocityWithCache } from "./network.ts";
import { PLANES } from "./rays.ts";
import { type DitConditioning, DitRollout, type GenerationOptions } from "./rollout.ts";
import { latentSigmas } from "./sample.ts";
import { isMuon } from "./spec.ts";

/** Contexts of equally many clips each. */
interface Contexts {
  /** [contexts * slots], each clip alone. */
  clips: ClipBatch;
  /** [contexts, slots * tokens, 16] */
  angles: tf.Tensor;
}

interface Inputs {
  /** One element, or none for a video's first clip. */
  contexts: Contexts[];
  /** The context of each row, int32 [R]. */
  rowOf: tf.Tensor;
  target: ClipBatch;
}

function contextsOf(conditions: readonly DitConditioning[], config: DitConfig): Contexts[] {
  const slots = conditions[0].context.length;
  if (slots === 0) return [];
  const clips = clipBatch(
    conditions.flatMap(({ context }) => context),
    1,
    config,
  );
  const shape = [conditions.length, slots * clipTokens(config.latent), PLANES];
  return [{ clips, angles: tf.tensor(clips.angles.dataSync(), shape) }];
}

/** Keys, turned to their places, and values of each row's context, per block [R, H, slots * tokens, 32]. */
function contextKeys(p: Params, config: DitConfig, { contexts, rowOf }: Inputs): KeyValue[] {
  if (contexts.length === 0) return [];
  const [{ clips, angles }] = contexts;
  const rotation = ropeRotation(angles);
  const [b, tokens] = angles.shape as [number, number];
  const joined = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [b, tokens, ...x.shape.slice(2)]);
  const rows = (x: tf.Tensor): tf.Tensor => tf.gather(swapHeads(x), rowOf as tf.Tensor1D); // [R, H, slots * tokens, 32]
  return encodeContext(p, config, clips).map(({ k, v }) => ({
    k: rows(rotate(joined(k), rotation)),
    v: rows(joined(v)),
  }));
}

/** x_t of a point; a given first latent stays as it is. */
function noisy({ clip, sigma, eps, conditioning }: TrainingPoint): Float32Array {
  if (!eps) return clip.latents;
  const levels = latentSigmas(sigma, conditioning.first);
  if (conditioning.first) levels[0] = 0;
  return addNoise(clip.latents, eps, levels);
}

function batchOf(points: readonly TrainingPoint[], config: DitConfig): TrainingBatch {
  const conditions = [...new Set(points.map(({ conditioning }) => conditioning as DitConditioning))];
  const { first } = conditions[0];
  const clips = points.map((point): HostClip => {
    const { target } = point.conditioning as DitConditioning;
    return { ...target, latents: noisy(point), sigma: latentSigmas(point.sigma, first) };
  });
  const target = clipBatch(clips, 1, config);
  const rowOf = points.map(({ conditioning }) => conditions.indexOf(conditioning as DitConditioning));
  const inputs: Inputs = { contexts: contextsOf(conditions, config), rowOf: tf.tensor1d(rowOf, "int32"), target };
  return {
    inputs,
    xt: tf.tensor(joinFloats(clips.map(({ latents }) => latents)), [
      points.length,
      CLIP_LATENTS,
      latentSize(config.latent),
    ]),
    sigma: tf.tensor1d(points.map(({ sigma }) => sigma)),
    mask: tf.tensor(
      Array.from({ length: CLIP_LATENTS }, (_, latent) => (first && latent === 0 ? 0 : 1)),
      [1, CLIP_LATENTS, 1],
    ),
  };
}

/** @param options ablations and the sampler */
export function makeTrainableDit(
  params: Params,
  config: DitConfig,
  tokeniser: Tokeniser,
  options: Partial<GenerationOptions> = {},
): TrainableWorldModel {
  const size = latentSize(config.latent);
  return {
    ...makeDit(params, config, tokeniser, options),
    params,
    isMatrix: isMuon,
    withParams: (other) => makeTrainableDit(other, config, tokeniser, options),
    conditions: (rollout, actions) => {
      if (rollout instanceof DitRollout) return rollout.conditions(actions);
      throw new TypeError("a rollout of another kind of model");
    },
    batch: (points) => batchOf(points, config),
    targets: (clips: readonly Clip[]) =>
      tf.tensor(joinFloats(clips.map(({ latents }) => latents)), [clips.length, CLIP_LATENTS, size]),
    velocity: (p, { inputs }) => {
      const own = inputs as Inputs;
      const velocity = velocityWithCache(p, config, own.target, contextKeys(p, config, own));
      return tf.reshape(velocity, [-1, CLIP_LATENTS, size]); // [R, 4, numbers of a latent]
    },
  };
}
