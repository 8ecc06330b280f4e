import {
  axesOf,
  isBasic,
  isCombined,
  keyOf,
  labelOf,
  motionOf,
  type Pose,
  rotationOf,
  stepPose,
  translationOf,
} from "../index.ts";
import { makeScene, renderFrame, SIGHT, solidsNear, type Trajectory } from "../plane/index.ts";

/** How a data set's latents (initial pictures left out) divide, as shares of all of them. */
export interface ActionStatistics {
  readonly latents: number;
  readonly shares: Readonly<Record<string, { commanded: number; executed: number }>>;
  /** Share of basic and of combined commands that the camera carried out in full. */
  readonly basicInFull: number;
  readonly combinedInFull: number;
  /** Mean latents of a run of equal commands. */
  readonly segment: number;
}

/** Classes of actions that the card counts; a class may be part of another. */
export const CLASSES: Readonly<Record<string, (action: number) => boolean>> = {
  none: (action) => axesOf(action) === 0,
  basic: isBasic,
  "basic: w or s": (action) => isBasic(action) && motionOf(action).forward !== 0,
  "basic: a or d": (action) => isBasic(action) && motionOf(action).rightward !== 0,
  "basic: left or right": (action) => isBasic(action) && motionOf(action).yaw !== 0,
  "basic: up or down": (action) => isBasic(action) && motionOf(action).pitch !== 0,
  combined: isCombined,
  "combined: diagonal translation": (action) => isCombined(action) && rotationOf(action) === 0,
  "combined: diagonal rotation": (action) => isCombined(action) && translationOf(action) === 0,
  "combined: translation and rotation": (action) => rotationOf(action) !== 0 && translationOf(action) !== 0,
};

const share = (actions: readonly number[], counts: (action: number) => boolean): number =>
  actions.filter(counts).length / actions.length;

export function actionStatistics(trajectories: readonly Trajectory[]): ActionStatistics {
  const commanded = trajectories.flatMap((t) => [...t.commanded.subarray(1)]);
  const executed = trajectories.flatMap((t) => [...t.executed.subarray(1)]);
  const inFull = (kind: (action: number) => boolean): number => {
    const rows = commanded.flatMap((action, i) => (kind(action) ? [Number(executed[i] === action)] : []));
    return rows.reduce((a, b) => a + b, 0) / rows.length;
  };
  const shares = Object.entries(CLASSES).map(([name, counts]) => {
    return [name, { commanded: share(commanded, counts), executed: share(executed, counts) }];
  });
  const runs = trajectories.flatMap((t) => [...t.commanded.subarray(1)].filter((a, i, all) => a !== all[i - 1]));
  return {
    latents: commanded.length,
    shares: Object.fromEntries(shares),
    basicInFull: inFull(isBasic),
    combinedInFull: inFull(isCombined),
    segment: commanded.length / runs.length,
  };
}

/** Frames whose label by the paper's rule is the executed action: 1, or something is wrong. */
export function labelAgreement({ executed, poses }: Trajectory): number {
  const steps = poses.slice(1).map((pose, i) => labelOf(poses[i], pose) === executed[Math.floor(i / 4) + 1]);
  return steps.filter(Boolean).length / steps.length;
}

/** Solids near enough to be drawn: at a trajectory's start, and anywhere along its way; means over trajectories. */
export function solidsInSight(trajectories: readonly Trajectory[]): { start: number; way: number } {
  const seen = ({ sceneSeed }: Trajectory, poses: readonly Pose[]): number => {
    const scene = makeScene(sceneSeed);
    return new Set(poses.flatMap(({ x, z }) => solidsNear(scene, x, z, SIGHT))).size;
  };
  const mean = (counts: number[]): number => counts.reduce((a, b) => a + b, 0) / counts.length;
  return {
    start: mean(trajectories.map((t) => seen(t, t.poses.slice(0, 1)))),
    way: mean(trajectories.map((t) => seen(t, t.poses))),
  };
}

/** Mean absolute change of a pixel (0..255) by one frame of each action, from the given poses of their scenes. */
export function visibility(starts: readonly { sceneSeed: number; pose: Pose }[], actions: readonly number[]) {
  const changes = actions.map((action) => {
    const each = starts.map(({ sceneSeed, pose }) => {
      const scene = makeScene(sceneSeed);
      return meanDifference(renderFrame(scene, pose), renderFrame(scene, stepPose(pose, action)));
    });
    return [keyOf(action), each.reduce((a, b) => a + b, 0) / each.length] as const;
  });
  return Object.fromEntries(changes);
}

/** Mean absolute difference of two pictures of one size, 0..255. */
export function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}
