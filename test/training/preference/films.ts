/** A model whose pictures are the truth, blurred: more the deeper in a video, and the more noise they were made from. */
import { drawSpoil } from "../../../lib/training/preference/corrupt.ts";
import { fidelityOf } from "../../../lib/training/preference/fidelity.ts";
import type { MadeFilm, Origin, Sample } from "../../../lib/training/preference/samples.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { makeScene, renderFrame } from "../../../lib/world/plane/index.ts";

/** Each with how much worse than the best it is. */
const VERSIONS: [Origin, number][] = [
  ["own", 0.9],
  ["own", 0.5],
  ["fresh", 0.4],
  [0.5, 0.1],
  [0.9, 0.25],
];

export function madeFilm(seed: number): MadeFilm {
  const rng = Rng.of(seed, "made film");
  const scene = makeScene(seed);
  const shot = (): Uint8Array => renderFrame(scene, { x: 3, z: 5, yaw: rng.uniform(0, 6), pitch: 0 });
  const samples = Array.from({ length: 6 }, (_, moment): Sample => {
    const reconstruction = shot();
    const clip = Math.floor(moment / 2);
    const versions = VERSIONS.map(([origin, badness]) => {
      const picture = drawSpoil("blur", Rng.of(seed))(reconstruction, badness + 0.05 * clip);
      return { origin, picture, fidelity: fidelityOf(picture, reconstruction) };
    });
    return { reconstruction, clip, versions };
  });
  return { first: shot(), samples };
}
