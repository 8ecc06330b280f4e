/** The trained depth network as a value. */
import * as tf from "@tensorflow/tfjs-core";
import { compile } from "../../runtime/backend/compile.ts";
import { UserError } from "../../util/errors.ts";
import type { Params } from "../nn/params.ts";
import { loadPublished, readConfig } from "../nn/published.ts";
import type { DepthConfig } from "./config.ts";
import { depthSpec, predictGeometry } from "./network.ts";

export interface DepthNetwork {
  readonly config: DepthConfig;
  readonly params: Params;
  /** SHA-256 of the weights. */
  readonly sha256: string;
  /**
   * Distances along the forward axis of every pixel's centre, world units, [n, height, width], and the pitch of the cameras, radians, [n].
   * @param pictures [n, height, width, 3] bytes
   */
  read(pictures: Uint8Array): { depths: Float32Array; pitches: Float32Array };
}

/** Pictures of one call of the network; what is missing is filled up with black. */
const BATCH = 16;

export function makeDepthNetwork(params: Params, config: DepthConfig, sha256: string): DepthNetwork {
  const run = compile((p: Params, pictures: tf.Tensor) => ({ ...predictGeometry(p, config, pictures) }), {
    name: "depth network",
  });
  const { width, height } = config.camera;
  const bytes = 3 * width * height;
  const read = (pictures: Uint8Array) => {
    const n = pictures.length / bytes;
    if (!Number.isInteger(n))
      throw new UserError(`${pictures.length} bytes are no pictures of ${width}x${height}`, "give whole pictures");
    const [depths, pitches] = [new Float32Array(n * width * height), new Float32Array(n)];
    for (let first = 0; first < n; first += BATCH) {
      const count = Math.min(BATCH, n - first);
      const values = new Float32Array(BATCH * bytes);
      pictures.subarray(first * bytes, (first + count) * bytes).forEach((byte, i) => {
        values[i] = byte / 255;
      });
      const input = tf.tensor(values, [BATCH, height, width, 3]);
      const found = run(params, input);
      const logs = found.logDepths.dataSync().subarray(0, count * width * height);
      const steps = found.pitches.dataSync().subarray(0, count);
      for (const [i, log] of logs.entries())
        depths[first * width * height + i] = Math.exp(log) * config.step.translation;
      for (const [i, step] of steps.entries()) pitches[first + i] = step * config.step.pitch;
      tf.dispose([input, Object.values(found)]);
    }
    return { depths, pitches };
  };
  return { config, params, sha256, read };
}

/** @throws UserError if the network is missing, damaged, or none of this kind */
export function loadDepthNetwork(dir: string): DepthNetwork {
  const { network, model } = readConfig(dir);
  if (network !== "depth" || typeof model !== "object" || model === null)
    throw new UserError(`${dir} holds no depth network`, "give the folder of one");
  const config = model as DepthConfig;
  const { params, sha256 } = loadPublished(dir, depthSpec(config));
  return makeDepthNetwork(params, config, sha256);
}
