/**
 * Attention in two parts: within a clip (bidirectional), and from target clips to context clips (causal by a mask).
 * Context clips see only themselves, so a clip's keys and values never change once it is made: caching is exact and
 * temporal reframing is a matter of turning the cached keys.
 *
 * Layout: B batch, C clips, H heads, n tokens a clip, 32 channels a head.
 */
import * as tf from "@tensorflow/tfjs-core";

/** Cosine and sine of the projective angles, twice over: [B, C * n, 1, 32] each. */
export interface Rotation {
  cos: tf.Tensor;
  sin: tf.Tensor;
}

/** Keys, already turned by their rotation, and values: [B, H, tokens, 32]. */
export type KeyValue = { k: tf.Tensor; v: tf.Tensor };

export type Heads = KeyValue & { q: tf.Tensor };

const HALF = 16;
const WIDE = 2 * HALF;

/** Angles [B, tokens, 16] -> rotation. */
export function ropeRotation(angles: tf.Tensor): Rotation {
  const [b, n] = angles.shape;
  const four = tf.reshape(tf.concat([angles, angles], -1), [b, n, 1, WIDE]); // [B, tokens, 1, 32]
  return { cos: tf.cos(four), sin: tf.sin(four) };
}

/** x [.., 32] -> (-x[16..], x[..16]): every pair by a right angle, as a product, which is faster than slices. */
function rotateHalf(x: tf.Tensor): tf.Tensor {
  const turn = new Float32Array(WIDE * WIDE);
  for (let i = 0; i < HALF; i++) {
    turn[(HALF + i) * WIDE + i] = -1;
    turn[i * WIDE + HALF + i] = 1;
  }
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, WIDE]) as tf.Tensor2D, tf.tensor2d(turn, [WIDE, WIDE])), x.shape);
}

const turned = (x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(x, cos), tf.mul(rotateHalf(x), sin));

/** Turns channel pairs (i, i + 16) of x [B, tokens, heads, 32]. The gradient of a rotation is its inverse. */
export function rotate(x: tf.Tensor, { cos, sin }: Rotation): tf.Tensor {
  const run = tf.customGrad((input: tf.Tensor | tf.GradSaveFunc, save?: tf.Tensor | tf.GradSaveFunc) => {
    (save as tf.GradSaveFunc)([cos, tf.neg(sin)]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => turned(dy, saved[0], saved[1]);
    return { value: turned(input as tf.Tensor, cos, sin), gradFunc };
  });
  return run(x);
}

/** [B, tokens, h, 32] -> [B, h, tokens, 32] and back (the same permutation). */
export const swapHeads = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 2, 1, 3]);

interface Weighted {
  /** Sum of values weighted by exp(logits). [B, H, tokens, 32] */
  numerator: tf.Tensor;
  /** Sum of exp(logits). [B, H, tokens, 1] */
  denominator: tf.Tensor;
}

/**
 * Queries and keys have bounded norm, so exp needs no subtraction of the maximum; numerators and denominators of the
 * two parts can simply be added.
 */
function weigh(q: tf.Tensor, { k, v }: KeyValue, mask?: tf.Tensor): Weighted {
  const all = tf.exp(tf.matMul(q, k, false, true)); // [B, H, queries, keys]
  const weights = mask ? tf.mul(all, mask) : all;
  return { numerator: tf.matMul(weights, v), denominator: tf.sum(weights, -1, true) };
}

/** Within each clip of `size` tokens: [B, H, C * size, 32] in and out. */
function weighWithin(heads: Heads, size: number): Weighted {
  const [b, h, n, d] = heads.q.shape;
  const perClip = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [(b * h * n) / size, size, d]); // [B * H * C, size, 32]
  const part = weigh(perClip(heads.q), { k: perClip(heads.k), v: perClip(heads.v) });
  return {
    numerator: tf.reshape(part.numerator, [b, h, n, d]),
    denominator: tf.reshape(part.denominator, [b, h, n, 1]),
  };
}

/**
 * @param heads of the clips themselves
 * @param size tokens of a clip
 * @param context keys and values that they may also see
 * @param mask [B, 1, tokens, context tokens] of 0 and 1
 * @returns [B, H, tokens, 32]
 */
export function attend(heads: Heads, size: number, context?: KeyValue, mask?: tf.Tensor): tf.Tensor {
  const own = weighWithin(heads, size);
  if (!context) return tf.div(own.numerator, own.denominator);
  const other = weigh(heads.q, context, mask);
  return tf.div(tf.add(own.numerator, other.numerator), tf.add(own.denominator, other.denominator));
}
