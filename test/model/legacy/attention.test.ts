import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  type Heads,
  type Rotation,
  rotate,
  rotationOf,
  swapHeads,
} from "../../../lib/model/legacy/attention.ts";
import { CLIP_TOKENS } from "../../../lib/model/legacy/config.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { uniforms } from "../../golden/golden.ts";
import { assertClose } from "../nn/close.ts";

const draw = (shape: number[], ...key: string[]): tf.Tensor =>
  tf.tensor(
    uniforms(
      shape.reduce((a, b) => a * b, 1),
      -1,
      1,
      "attention",
      ...key,
    ),
    shape,
  );

const reverse = ({ cos, sin }: Rotation): Rotation => ({ cos, sin: tf.neg(sin) });

describe("rotate", () => {
  before(async () => {
    await openBackend();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it("turns channel i with channel i + 16 by angle i; lengths stay, and the inverse leads back", () => {
    const [x, angles] = [draw([2, 3, 2, 32], "x"), tf.mul(draw([2, 3, 16], "angles"), 4)];
    const rotation = rotationOf(angles);
    const y = rotate(x, rotation);
    const [from, to, by] = [x, y, angles].map((t) => t.dataSync());
    for (let token = 0; token < 6; token++) {
      for (let h = 0; h < 2; h++) {
        for (let i = 0; i < 16; i++) {
          const [at, angle] = [(token * 2 + h) * 32 + i, by[token * 16 + i]];
          const [c, s] = [Math.cos(angle), Math.sin(angle)];
          assert.ok(Math.abs(to[at] - (from[at] * c - from[at + 16] * s)) < 1e-5);
          assert.ok(Math.abs(to[at + 16] - (from[at] * s + from[at + 16] * c)) < 1e-5);
        }
      }
    }
    assertClose(rotate(y, reverse(rotation)).dataSync(), from, 1e-5);
  });

  it("has the inverse as its gradient", () => {
    const [x, dy] = [draw([1, 4, 1, 32], "x"), draw([1, 4, 1, 32], "dy")];
    const rotation = rotationOf(draw([1, 4, 16], "angles"));
    const gradient = tf.grad((input: tf.Tensor) => rotate(input, rotation))(x, dy);
    assertClose(gradient.dataSync(), rotate(dy, reverse(rotation)).dataSync(), 1e-5);
  });

  it("leaves products of queries and keys that are turned alike", () => {
    const [q, k] = [draw([1, 5, 1, 32], "q"), draw([1, 5, 1, 32], "k")];
    const angles = draw([1, 5, 16], "angles");
    const scores = (shift: number): tf.Tensor => {
      const rotation = rotationOf(tf.add(angles, shift));
      return tf.matMul(swapHeads(rotate(q, rotation)), swapHeads(rotate(k, rotation)), false, true);
    };
    assertClose(scores(2.5).dataSync(), scores(0).dataSync(), 1e-5);
  });
});

describe("attend", () => {
  before(async () => {
    await openBackend();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  const [B, H, CLIPS] = [2, 2, 2];
  const heads = (clips: number, key: string): Heads => {
    const shape = [B, H, clips * CLIP_TOKENS, 32];
    return { q: draw(shape, key, "q"), k: draw(shape, key, "k"), v: draw(shape, key, "v") };
  };

  /** One softmax over own clip and context, with a mask of -infinity. */
  function softmaxAttention({ q, k, v }: Heads, context: Heads | undefined, mask: tf.Tensor): tf.Tensor {
    const [keys, values] = context ? [tf.concat([k, context.k], 2), tf.concat([v, context.v], 2)] : [k, v];
    const scores = tf.add(tf.matMul(q, keys, false, true), tf.mul(tf.sub(mask, 1), 1e9));
    return tf.matMul(tf.softmax(scores), values);
  }

  /** [1, 1, CLIPS * 60, CLIPS * 60]: each clip sees itself. */
  const ownClip = (): tf.Tensor => {
    const clip = (n: number): number => Math.floor(n / CLIP_TOKENS);
    const n = CLIPS * CLIP_TOKENS;
    return tf.tensor(
      Float32Array.from({ length: n * n }, (_, i) => (clip(i % n) === clip(Math.floor(i / n)) ? 1 : 0)),
      [1, 1, n, n],
    );
  };

  it("without context is softmax attention within each clip", () => {
    const own = heads(CLIPS, "own");
    assertClose(attend(own).dataSync(), softmaxAttention(own, undefined, ownClip()).dataSync(), 1e-5);
  });

  it("with context is one softmax over the own clip and what the mask shows, mask or none", () => {
    const [own, context] = [heads(CLIPS, "own"), heads(3, "context")];
    const shape = [B, 1, CLIPS * CLIP_TOKENS, 3 * CLIP_TOKENS];
    const mask = tf.cast(tf.greater(draw(shape, "mask"), 0), "float32");
    for (const shown of [mask, undefined]) {
      const all = tf.concat([tf.tile(ownClip(), [B, 1, 1, 1]), shown ?? tf.ones(shape)], 3);
      assertClose(attend(own, context, shown).dataSync(), softmaxAttention(own, context, all).dataSync(), 1e-5);
    }
  });

  it("a context that is hidden altogether changes nothing", () => {
    const [own, context] = [heads(1, "own"), heads(2, "context")];
    const hidden = tf.zeros([B, 1, CLIP_TOKENS, 2 * CLIP_TOKENS]);
    assertClose(attend(own, context, hidden).dataSync(), attend(own).dataSync(), 1e-6);
  });
});
