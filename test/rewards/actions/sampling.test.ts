import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { prepare, sample } from "../../../lib/rewards/actions/sampling.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { Rng } from "../../../lib/util/rng.ts";

const [HEIGHT, WIDTH] = [4, 5];
const values = Rng.of(1, "sampling").normals(2 * HEIGHT * WIDTH * 3);
const valueAt = (m: number, y: number, x: number, c: number): number => values[((m * HEIGHT + y) * WIDTH + x) * 3 + c];

function read(places: [number, number][]): number[][][] {
  return tf.tidy(() => {
    const pictures = tf.tensor4d(values, [2, HEIGHT, WIDTH, 3]);
    const axis = (i: 0 | 1): tf.Tensor => tf.tensor2d([0, 1].map(() => places.map((place) => place[i])));
    return sample(prepare(pictures), axis(0), axis(1)).arraySync() as number[][][];
  });
}

describe("pictures between their pixels", () => {
  before(() => openBackend());

  it("are the pixels at their centres, the last ones too", () => {
    const places = Array.from({ length: HEIGHT * WIDTH }, (_, i): [number, number] => [
      i % WIDTH,
      Math.floor(i / WIDTH),
    ]);
    read(places).forEach((picture, m) => {
      picture.forEach((colour, i) => {
        colour.forEach((value, c) => {
          assert.ok(Math.abs(value - valueAt(m, places[i][1], places[i][0], c)) < 1e-6);
        });
      });
    });
  });

  it("are means of neighbours half way, and held at the edge outside", () => {
    const [[half, outside]] = read([
      [1.5, 2.25],
      [-3, 9],
    ]);
    const between = (y: number): number => (valueAt(0, y, 1, 0) + valueAt(0, y, 2, 0)) / 2;
    assert.ok(Math.abs(half[0] - (0.75 * between(2) + 0.25 * between(3))) < 1e-6);
    assert.ok(Math.abs(outside[0] - valueAt(0, HEIGHT - 1, 0, 0)) < 1e-6);
  });
});
