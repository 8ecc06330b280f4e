/** A model whose pictures are the truth, blurred: more the deeper in a video, and the more noise they were made from. */
import { drawCorruption } from "../../../lib/training/preference/corrupt.ts";
import { fidelityOf } from "../../../lib/training/preference/fidelity.ts";
import type { GeneratedKeyframe, GeneratedVideo, Origin } from "../../../lib/training/preference/generated.ts";
import { Rng } from "../../../lib/util/rng.ts";
import type { Pose } from "../../../lib/world/camera.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";

export const { width, height } = courtyard.camera;
export const SIZE = { width, height };

/** True pictures of one courtyard, from places of their own. */
export async function shots(seed: number, count: number): Promise<Uint8Array[]> {
  const level = courtyard.level(seed);
  const rng = Rng.of(seed, "shots");
  const poses: Pose[] = Array.from({ length: count }, () => level.spawn(rng));
  const bytes = await level.render(poses);
  return poses.map((_, i) => bytes.slice((i * bytes.length) / count, ((i + 1) * bytes.length) / count));
}

/** Each with how much worse than the best it is. */
const VERSIONS: [Origin, number][] = [
  ["own", 0.9],
  ["own", 0.5],
  ["fresh", 0.4],
  [0.5, 0.1],
  [0.9, 0.25],
];

export async function generatedVideo(seed: number): Promise<GeneratedVideo> {
  const [first, ...rest] = await shots(seed, 7);
  const keyframes = rest.map((reconstruction, keyframe): GeneratedKeyframe => {
    const clip = Math.floor(keyframe / 2);
    const versions = VERSIONS.map(([origin, badness]) => {
      const picture = drawCorruption("blur", Rng.of(seed), SIZE)(reconstruction, badness + 0.05 * clip);
      return { origin, picture, fidelity: fidelityOf(picture, reconstruction, SIZE) };
    });
    return { reconstruction, clip, versions };
  });
  return { first, keyframes };
}
