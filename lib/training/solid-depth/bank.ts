/** Pictures of recorded trajectories with the true depths of their solids. */

import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { FRAME_BYTES, FRAMES_PER_LATENT } from "../../world/config.ts";
import type { Dataset } from "../../world/data/index.ts";
import { cameraAt } from "../../world/index.ts";
import { makeScene, solidDepths } from "../../world/plane/index.ts";
import { posesOf } from "../pretraining/corpus.ts";

export interface Moment {
  /** The picture as it was and as the tokeniser gives it back, [48, 80, 3] bytes each. */
  versions: Uint8Array[];
  /** Of the camera, radians. */
  pitch: number;
  /** See `solidDepths`. */
  depths: Float32Array;
}

export type DepthBank = readonly Moment[];

/** Latents between two moments of a trajectory. */
const STRIDE = 3;

/** The last frame of every third latent of the first `count` trajectories. */
export function fillBank(dataset: Dataset, tokeniser: Tokeniser, count: number): DepthBank {
  return Array.from({ length: Math.min(count, dataset.trajectories) }, (_, i): Moment[] => {
    const { frames, sceneSeed, poses } = dataset.read(i);
    const scene = makeScene(sceneSeed);
    const path = posesOf(poses);
    const made = tokeniser.decode(tokeniser.encode(frames));
    const moments = Math.floor((path.length - 1) / (FRAMES_PER_LATENT * STRIDE));
    return Array.from({ length: moments }, (_, k) => {
      const frame = FRAMES_PER_LATENT * STRIDE * (k + 1);
      const versions = [frames, made].map((all) => all.slice(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES));
      return { versions, pitch: path[frame].pitch, depths: solidDepths(scene, cameraAt(path[frame])) };
    });
  }).flat();
}
