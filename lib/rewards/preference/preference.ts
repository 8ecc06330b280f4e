/** A trained preference model as a value. */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type PictureSize, pictureBytes } from "../../metrics/video.ts";
import type { Params } from "../../model/nn/params.ts";
import { loadPublished } from "../../model/nn/published.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { UserError } from "../../util/errors.ts";
import { describePictures, PREFERENCE_SPEC, scoreDescriptions } from "./network.ts";

/** A picture and the first frame of its video, [height, width, 3] bytes each. */
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
  readonly size: PictureSize;
  score(pictures: readonly Pictured[]): PreferenceScores;
}

/** Pictures of one call of the network; smaller batches are filled up with black ones. */
const BATCH = 64;

/** Bytes [height, width, 3] each -> [n, height, width, 3] in -1..1, black up to `count`. */
export function pictureTensor(pictures: readonly Uint8Array[], size: PictureSize, count = pictures.length): tf.Tensor {
  const bytes = pictureBytes(size);
  const values = new Float32Array(count * bytes);
  pictures.forEach((picture, n) => {
    if (picture.length !== bytes) throw wrongSize(picture, size);
    for (let i = 0; i < bytes; i++) values[n * bytes + i] = picture[i] / 127.5 - 1;
  });
  return tf.tensor(values, [count, size.height, size.width, 3]);
}

const wrongSize = (picture: Uint8Array, { width, height }: PictureSize): UserError =>
  new UserError(
    `a picture of ${picture.length} bytes for a preference model of ${width}x${height} pictures`,
    "score pictures of the world that it was trained on",
  );

export function makePreference(params: Params, sha256: string, size: PictureSize): Preference {
  const describe = compile((p: Params, pictures: tf.Tensor) => describePictures(p, pictures), {
    name: "preference model",
  });
  const describeAll = (pictures: readonly Uint8Array[]): tf.Tensor => {
    const parts: tf.Tensor[] = [];
    for (let i = 0; i < pictures.length; i += BATCH) {
      const input = pictureTensor(pictures.slice(i, i + BATCH), size, BATCH);
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
  return { sha256, size, score };
}

const pictureSchema = z.strictObject({ width: z.int().min(1), height: z.int().min(1) });

/** A shipped model. @throws UserError if the checkpoint is missing or damaged */
export function loadPreference(dir: string): Preference {
  const { params, sha256, config } = loadPublished(dir, PREFERENCE_SPEC);
  const size = pictureSchema.safeParse(config.picture);
  if (!size.success)
    throw new UserError(`${dir}: config.json does not say the size of its pictures`, "restore the folder, or train it");
  return makePreference(params, sha256, size.data);
}
