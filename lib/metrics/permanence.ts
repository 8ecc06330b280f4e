/** Object permanence: a solid that has left the view must be there when the camera returns. The true render says where. */
import type { Pose } from "../world/index.ts";
import {
  renderEmpty,
  renderFrame,
  type Scene,
  SIGHT,
  type Solid,
  solidsNear,
  withoutSolids,
} from "../world/plane/index.ts";
import { frameOf } from "./appearance.ts";
import type { Revisit } from "./revisit.ts";

/** A pixel belongs to a solid where it changes the picture by this much, in summed levels of R, G and B. */
const VISIBLE = 60;
/** Fewest pixels of solids that are worth a judgement: 2 % of the picture. */
const FEWEST = 77;

const apart = (a: Uint8Array, b: Uint8Array, i: number): number =>
  Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 2] - b[i + 2]);

/** What is truly seen from a pose, and what would be without solids. [48, 80, 3] each */
export interface Sight {
  readonly full: Uint8Array;
  readonly empty: Uint8Array;
}

export const sightOf = (scene: Scene, pose: Pose): Sight => ({
  full: renderFrame(scene, pose),
  empty: renderEmpty(scene, pose),
});

/** The same of some solids alone: what would be seen without them, but with all others. */
export const sightOfSolids = (scene: Scene, pose: Pose, solids: readonly Solid[]): Sight => ({
  full: renderFrame(scene, pose),
  empty: renderFrame(withoutSolids(scene, solids), pose),
});

/** The solids that are in full view from a pose: each covers `pixels` or more of the picture. */
export function solidsInView(scene: Scene, pose: Pose, pixels = FEWEST): Solid[] {
  const near = solidsNear(scene, pose.x, pose.z, SIGHT);
  return near.filter((solid) => solidPixels(sightOfSolids(scene, pose, [solid])).length >= pixels);
}

/** Byte offsets of the pixels that solids cover. */
export function solidPixels({ full, empty }: Sight): number[] {
  const out: number[] = [];
  for (let i = 0; i < full.length; i += 3) if (apart(full, empty, i) >= VISIBLE) out.push(i);
  return out;
}

/**
 * Share of the solids' pixels at which a picture is nearer to the true one than to the empty world: 1 where all is there,
 * 0 where nothing is. NaN where too little is to be seen.
 */
export function keptShare(picture: Uint8Array, sight: Sight): number {
  const pixels = solidPixels(sight);
  if (pixels.length < FEWEST) return Number.NaN;
  return pixels.filter((i) => apart(picture, sight.full, i) < apart(picture, sight.empty, i)).length / pixels.length;
}

/** The kept share of every returning frame that shows enough. @param video [F, 48, 80, 3] */
export function keptShares(
  video: Uint8Array,
  scene: Scene,
  poses: readonly Pose[],
  returns: readonly Revisit[],
): number[] {
  const shares = returns.map(({ frame }) => keptShare(frameOf(video, frame), sightOf(scene, poses[frame])));
  return shares.filter((share) => !Number.isNaN(share));
}
