/** A trained preference model as a value. */
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../model/nn/params.ts";
import { loadPublished } from "../../model/nn/published.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { FRAME_BYTES, HEIGHT, WIDTH } from "../../world/index.ts";
import { describePictures, PREFERENCE_SPEC, scoreDescriptions } from "./network.ts";

/** A picture and the first frame of its video, [48, 80, 3] bytes each. */
export interface Pictured {
  readonly picture: Uint8Array;
  readonly first: Uint8Array;
}

export interface PreferenceScores {
  /** [n]; only differences mean anything: the better of two wins with probability sigmoid(difference). */
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

export interface Preference {
  /** SHA-256 of the weights. */
  readonly sha256: string;
  score(pictures: readonly Pictured[]): PreferenceScores;
}

/** Pictures of one call of the network; smaller batches are filled up with black ones. */
const BATCH = 64;

/** Bytes [48, 80, 3] each -> [n, 48, 80, 3] in -1..1, black up to `count`. */
export function pictureTensor(pictures: readonly Uint8Array[], count = pictures.length): tf.Tensor {
  const values = new Float32Array(count * FRAME_BYTES);
  pictures.forEach((picture, n) => {
    for (let i = 0; i < FRAME_BYTES; i++) values[n * FRAME_BYTES + i] = picture[i] / 127.5 - 1;
  });
  return tf.tensor(values, [count, HEIGHT, WIDTH, 3]);
}

export function makePreference(params: Params, sha256: string): Preference {
  const describe = compile((p: Params, pictures: tf.Tensor) => describePictures(p, pictures), {
    name: "preference model",
  });
  const describeAll = (pictures: readonly Uint8Array[]): tf.Tensor => {
    const parts: tf.Tensor[] = [];
    for (let i = 0; i < pictures.length; i += BATCH) {
      const input = pictureTensor(pictures.slice(i, i + BATCH), BATCH);
      parts.push(describe(params, input));
      input.dispose();
    }
    const all = tf.concat(parts, 0);
    tf.dispose(parts);
    return all;
  };
  const score = (pictures: readonly Pictured[]): PreferenceScores => {
    // Frames of one video share their first frame: it is described once.
    const distinct = [...new Set(pictures.flatMap(({ picture, first }) => [picture, first]))];
    const index = new Map(distinct.map((bytes, i) => [bytes, i]));
    const descriptions = describeAll(distinct);
    const [mean, variance] = tf.tidy(() => {
      const rows = (key: keyof Pictured): tf.Tensor =>
        tf.gather(
          descriptions,
          pictures.map((p) => index.get(p[key]) as number),
        );
      const scores = scoreDescriptions(params, rows("picture"), rows("first"));
      return [scores.mean, scores.variance].map((t) => t.dataSync() as Float32Array);
    });
    descriptions.dispose();
    return { mean, variance };
  };
  return { sha256, score };
}

/** The shipped model. @throws UserError if the checkpoint is missing or damaged */
export function loadPreference(dir = "checkpoints/preference"): Preference {
  const { params, sha256 } = loadPublished(dir, PREFERENCE_SPEC);
  return makePreference(params, sha256);
}
