/**
 * What is remembered around the eye: known pictures, as points in space, seen from the place of the last pose to its left and
 * right, above and below. So carrying out a command, which turns or moves towards these, is still the network's.
 */
import type { Pose } from "../../world/camera.ts";
import type { CameraModel, StepSizes } from "../../world/world.ts";
import type { CameraTrajectory } from "../context.ts";
import { viewOverlap } from "../context.ts";
import { type PosedPicture, splat } from "./splat.ts";

/** Reads depths from pictures alone; a depth network does. */
export interface DepthReader {
  /** @param pictures [n, height, width, 3] bytes. @returns as `PosedPicture`, [n, height, width] */
  read(pictures: Uint8Array): { readonly depths: Float32Array };
}

const DEGREE = Math.PI / 180;
/** Half of a usual picture's width and height further: they overlap with what is seen, and reach beyond a clip's turn. */
const ASIDE = 60 * DEGREE;
const ABOVE = 25 * DEGREE;
/** Pictures that each view is made from, at most, and the largest share of view that two of them have in common. */
const SOURCES = 4;
const ALIKE = 0.75;

/** Left, right, above and below; as many as a clip has latents. */
export const recalledViews = (last: Pose): readonly Pose[] => [
  { ...last, yaw: last.yaw - ASIDE },
  { ...last, yaw: last.yaw + ASIDE },
  { ...last, pitch: last.pitch + ABOVE },
  { ...last, pitch: last.pitch - ABOVE },
];

/** The views as the path of a clip that stands still at each. */
export const recalledPath = (last: Pose): CameraTrajectory =>
  recalledViews(last).map((view) => ({ start: view, view, end: view }));

/**
 * @param known what has been seen, oldest first; the older of two that show a point is trusted, for errors add up
 * @returns the four views, [height, width, 3] bytes each; black where nothing is known
 */
export const recall = (
  known: readonly PosedPicture[],
  last: Pose,
  camera: CameraModel,
  step: StepSizes,
): Uint8Array[] => recalledViews(last).map((view) => splat(sourcesOf(known, view, camera, step), view, camera).picture);

/** The pictures that share most of a view, none much like another; oldest first. */
function sourcesOf(known: readonly PosedPicture[], view: Pose, camera: CameraModel, step: StepSizes): PosedPicture[] {
  // Pitch apart: a picture of other pitch still shows a part.
  const share = (a: Pose, b: Pose): number => viewOverlap(a, { ...b, pitch: a.pitch }, camera, step);
  const shares = known.map(({ pose }) => share(view, pose));
  const order = [...known.keys()].filter((i) => shares[i] > 0).sort((a, b) => shares[b] - shares[a] || a - b);
  const chosen: number[] = [];
  for (const i of order) {
    if (chosen.length === SOURCES) break;
    if (chosen.every((other) => share(known[i].pose, known[other].pose) < ALIKE)) chosen.push(i);
  }
  return chosen.sort((a, b) => a - b).map((i) => known[i]);
}
