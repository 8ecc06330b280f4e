/** One transformer block with adaptive modulation (DiT, arXiv 2212.09748), split so that keys and values can be cached. */
import * as tf from "@tensorflow/tfjs-core";
import { linear, reluSquared, rmsNorm } from "../nn/ops.ts";
import type { Params } from "../nn/params.ts";
import { type Heads, type Rotation, rotate, swapHeads } from "./attention.ts";

/** Six modulation tensors of one block, each [B, C * 4, 1, d]. */
export type Modulation = tf.Tensor[];

/** Conditioning c [B, C * 4, d] -> shift, scale and gate for attention and feed-forward. */
export function modulationOf(p: Params, name: string, c: tf.Tensor, parts: number): Modulation {
  const [b, latents] = c.shape;
  const all = tf.add(linear(c, p[`${name}.w`]), p[`${name}.b`]);
  return tf.split(tf.reshape(all, [b, latents, 1, p[`${name}.b`].size]), parts, -1); // parts of [B, latents, 1, d]
}

/** x [B, n, d], n tokens of as many latents as shift and scale [B, latents, 1, d] have: scaled by (1 + scale), shifted. */
export function modulate(x: tf.Tensor, shift: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.add(tf.mul(byLatent(rmsNorm(x), scale), tf.add(scale, 1)), shift), x.shape);
}

/** [B, n, d] -> [B, latents, n / latents, d] with the latents of `like`. */
function byLatent(x: tf.Tensor, like: tf.Tensor): tf.Tensor {
  const [b, n, d] = x.shape;
  const latents = like.shape[1] as number;
  return tf.reshape(x, [b, latents, n / latents, d]);
}

/** x + (1 + gate) * y, the gate per latent. */
const addGated = (x: tf.Tensor, y: tf.Tensor, gate: tf.Tensor): tf.Tensor =>
  tf.add(x, tf.reshape(tf.mul(byLatent(y, gate), tf.add(gate, 1)), x.shape));

/** Queries, keys and values of block `block` ("blocks.3") before rotation, normalised: q and k [B, tokens, H, 32], the scale folded into q. */
export function headsOf(p: Params, block: string, x: tf.Tensor, m: Modulation): Heads {
  const [b, n, width] = x.shape;
  const count = p[`${block}.scale`].size;
  const headWidth = width / count;
  const qkv = tf.reshape(linear(modulate(x, m[0], m[1]), p[`${block}.qkv`]), [b, n, 3 * count, headWidth]);
  const [q, k, v] = tf.split(qkv, 3, 2); // [B, tokens, H, 32] each
  const scale = tf.reshape(tf.div(p[`${block}.scale`], Math.sqrt(headWidth)), [1, 1, count, 1]);
  return { q: tf.mul(rmsNorm(q), scale), k: rmsNorm(k), v };
}

/** Queries and keys turned by the rotation, and all laid out for attention: [B, H, tokens, 32]. */
export const applyRope = ({ q, k, v }: Heads, rotation: Rotation): Heads => ({
  q: swapHeads(rotate(q, rotation)),
  k: swapHeads(rotate(k, rotation)),
  v: swapHeads(v),
});

/** The block's remainder: projects the attended values [B, H, tokens, 32] and applies the feed-forward layer. */
export function finishBlock(p: Params, block: string, x: tf.Tensor, attended: tf.Tensor, m: Modulation) {
  const back = tf.reshape(swapHeads(attended), x.shape); // [B, tokens, d]
  const y = addGated(x, linear(back, p[`${block}.out`]), m[2]);
  const hidden = reluSquared(linear(modulate(y, m[3], m[4]), p[`${block}.up`])); // [B, tokens, expansion * d]
  return addGated(y, linear(hidden, p[`${block}.down`]), m[5]);
}
