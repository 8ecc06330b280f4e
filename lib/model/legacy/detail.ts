/**
 * The detail stage: a token is 16 x 16 pixels, and a picture moves by a few pixels, so every token would have to shift
 * its neighbours' contents by parts of a token. Here single cells (8 x 8 pixels) of the clip, of the picture before it and
 * of an older picture of much the same view look at each other at full resolution, each at its own ray's place and time;
 * a head can carry a whole cell. What the tokens have worked out is added to every cell (an hourglass, arXiv 2401.11605,
 * with its wide end at the exit alone).
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear, rmsNorm } from "../nn/ops.ts";
import type { Params } from "../nn/params.ts";
import { attend, type KeyValue, type Rotation, rotate, rotationOf, swapHeads } from "./attention.ts";
import { finishBlock, headsOf, modulate, modulationOf, turnHeads } from "./block.ts";
import { CELL_CHANNELS, CLIP_CELLS, CLIP_LATENTS, LATENT_CELLS, type ModelConfig } from "./config.ts";
import type { Decision } from "./decision.ts";
import type { ClipBatch } from "./dit.ts";

/** Cells of the two pictures that a clip looks at. */
const PICTURE_CELLS = 2 * LATENT_CELLS;

/** The parts of a rotation that belong to the pictures before the clip, and to the clip. */
function splitRotation({ cos, sin }: Rotation): [Rotation, Rotation] {
  const split = (x: tf.Tensor): tf.Tensor[] => tf.split(x, [PICTURE_CELLS, CLIP_CELLS], 1);
  const [[cosBefore, cosOwn], [sinBefore, sinOwn]] = [split(cos), split(sin)];
  return [
    { cos: cosBefore, sin: sinBefore },
    { cos: cosOwn, sin: sinOwn },
  ];
}

/** Keys and values of the pictures before, cells [N, 120, 32] -> [N, H, 120, 32] each, keys turned. */
function keysBefore(p: Params, block: string, cells: tf.Tensor, rotation: Rotation): KeyValue {
  const heads = p[`${block}.scale`].size;
  const [n, count] = cells.shape;
  const both = tf.reshape(linear(cells, p[`${block}.previous`]), [n, count, 2 * heads, -1]);
  const [k, v] = tf.split(both, 2, 2);
  return { k: swapHeads(rotate(rmsNorm(k), rotation)), v: swapHeads(v) };
}

/** By token; see `detailOf`. */
export interface Detail {
  picture: tf.Tensor;
  doubt?: tf.Tensor;
}

/**
 * @param x what the tokens came to, [B, C * 60, width]
 * @param c conditioning vectors, [B, C * 4, width]
 * @param target C clips a row, with `previous`, `remembered` and `cells`
 * @returns what to add to the predicted clean clips, and with carried pictures to the doubt of them, [B, C * 60, 128] each
 */
export function detailOf(
  p: Params,
  config: ModelConfig,
  x: tf.Tensor,
  c: tf.Tensor,
  target: ClipBatch,
  decision?: Decision,
): Detail {
  const [previous, remembered, cells] = [target.previous, target.remembered, target.cells] as tf.Tensor[];
  const n = cells.shape[0];
  const [before, own] = splitRotation(rotationOf(cells));
  const cellsOf = (picture: tf.Tensor): tf.Tensor => tf.reshape(picture, [n, LATENT_CELLS, CELL_CHANNELS]);
  const pictures = tf.concat([cellsOf(previous), cellsOf(remembered)], 1);
  const perClip = tf.reshape(c, [n, CLIP_LATENTS, config.width]);
  const noisy = linear(tf.reshape(target.tokens, [n, CLIP_CELLS, CELL_CHANNELS]), p["detail.in"]);
  const coarse = linear(rmsNorm(x), p["detail.coarse"]);
  const parts = [noisy, tf.reshape(coarse, noisy.shape)];
  if (decision) {
    const expected = tf.reshape(decision.expected, [n, CLIP_CELLS, CELL_CHANNELS]);
    parts.push(
      linear(expected, p["detail.expected"]),
      linear(tf.reshape(decision.known, [n, CLIP_CELLS, 1]), p["detail.known"]),
    );
  }
  let y = tf.addN(parts);
  for (let i = 0; i < config.detailDepth; i++) {
    const block = `detail.${i}`;
    const modulation = modulationOf(p, `${block}.modulation`, perClip, 6);
    const heads = turnHeads(headsOf(p, block, y, modulation), own);
    const context = keysBefore(p, block, pictures, before);
    y = finishBlock(p, block, y, attend(heads, context, undefined, CLIP_CELLS), modulation);
  }
  const [shift, scale] = modulationOf(p, "detail.modulation", perClip, 2);
  const last = modulate(y, shift, scale);
  const read = (name: string): tf.Tensor => tf.reshape(linear(last, p[name]), target.tokens.shape);
  return { picture: read("detail.out"), ...(decision ? { doubt: read("detail.doubt") } : {}) };
}
