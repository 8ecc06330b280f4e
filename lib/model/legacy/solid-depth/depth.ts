/** The trained depth network as a value. */
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../nn/params.ts";
import { loadPublished } from "../../nn/published.ts";
import { byPixel, CELL_COLUMNS, CELL_ROWS, DEPTH_SPEC, depthInputs, INPUTS, predictDepth } from "./network.ts";

export interface DepthNetwork {
  /**
   * Depths of solids along the view, [48 * 80] for each picture; Infinity where there is none.
   * @param pictures [48, 80, 3] bytes each
   * @param pitches of their cameras, radians
   */
  depths(pictures: readonly Uint8Array[], pitches: readonly number[]): Float32Array[];
  /** SHA-256 of the weights. */
  sha256: string;
}

export function makeDepthNetwork(params: Params, sha256: string): DepthNetwork {
  const depths = (pictures: readonly Uint8Array[], pitches: readonly number[]): Float32Array[] => {
    if (pictures.length === 0) return [];
    const shape = [pictures.length, CELL_ROWS, CELL_COLUMNS, INPUTS];
    const found = tf.tidy(() => {
      const { logits, depths: logs } = predictDepth(params, tf.tensor(depthInputs(pictures, pitches), shape));
      return [logits, tf.exp(logs)];
    });
    const [logits, values] = found.map((t) => byPixel(t.dataSync() as Float32Array));
    tf.dispose(found);
    const all = values.map((depth, i) => (logits[i] > 0 ? depth : Infinity));
    const size = all.length / pictures.length;
    return pictures.map((_, i) => all.subarray(i * size, (i + 1) * size));
  };
  return { depths, sha256 };
}

/** @throws UserError if the checkpoint is missing or damaged */
export function loadDepthNetwork(dir = "checkpoints/depth"): DepthNetwork {
  const { params, sha256 } = loadPublished(dir, DEPTH_SPEC);
  return makeDepthNetwork(params, sha256);
}
