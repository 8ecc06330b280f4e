/** The first latent of a video is given: the sampler leaves it as it is, at the noise level of a context. */
import * as tf from "@tensorflow/tfjs-core";
import { CLIP_LATENTS, CLIP_TOKENS, CONTEXT_SIGMA } from "./config.ts";

/** A clip's noise, [60, 128], with its first latent replaced by the given one, [15, 128]. */
export function withFirst(noise: Float32Array, latent: Float32Array): Float32Array {
  const out = noise.slice();
  out.set(latent);
  return out;
}

/** [1, 60, 1]: 0 on the tokens of a given first latent. @param first is it the video's first clip? */
export function movingMask(first: boolean): tf.Tensor {
  const given = first ? CLIP_TOKENS / CLIP_LATENTS : 0;
  const values = Array.from({ length: CLIP_TOKENS }, (_, token) => (token < given ? 0 : 1));
  return tf.tensor(values, [1, CLIP_TOKENS, 1]);
}

/** Noise levels of a clip's latents, [4]. */
export const latentSigmas = (sigma: number, first: boolean): number[] =>
  Array.from({ length: CLIP_LATENTS }, (_, latent) => (first && latent === 0 ? CONTEXT_SIGMA : sigma));
