/** Camera motions of recorded frames, in steps, and the laboratory's actions and poses that they make. */
import { UserError } from "../../../util/errors.ts";
import { actionOfMotion, motionOf, NONE } from "../../actions.ts";
import type { Pose } from "../../camera.ts";
import { FRAMES_PER_LATENT } from "../../config.ts";
import type { StepSizes } from "../../world.ts";
import { actionsOfKeys, type Mapping, MOTION_AXES, type MotionAxis } from "./mapping.ts";

/** What leads from a frame to the next one, in steps along each axis. */
export type FrameMotion = Readonly<Record<MotionAxis, number>>;

/**
 * @param rows the action feature's numbers at every frame
 * @param where whose they are, for messages
 * @throws UserError at a discrete value that the mapping does not know, and at one that is no number
 */
export function motionsOf({ discrete, continuous }: Mapping, rows: readonly number[][], where: string): FrameMotion[] {
  if (discrete) {
    const known = actionsOfKeys(discrete);
    return rows.map((row, frame) => {
      const action = known.get(row[discrete.index]);
      if (action === undefined)
        throw new UserError(
          `not mapped: ${discrete.feature} is ${row[discrete.index]} at frame ${frame} of ${where}`,
          `the mapping's keys know ${[...known.keys()].join(", ")}`,
        );
      const motion = motionOf(action);
      const share = motion.forward !== 0 && motion.rightward !== 0 ? Math.SQRT1_2 : 1;
      return { ...motion, forward: share * motion.forward, rightward: share * motion.rightward };
    });
  }
  return rows.map((row, frame) => {
    const along = (axis: MotionAxis): number => {
      const asked = continuous?.[axis];
      const steps = asked ? row[asked.index] / asked.step : 0;
      if (Number.isFinite(steps)) return steps;
      throw new UserError(`${continuous?.feature} is ${row} at frame ${frame} of ${where}`, "leave such episodes out");
    };
    return Object.fromEntries(MOTION_AXES.map((axis) => [axis, along(axis)])) as unknown as FrameMotion;
  });
}

/** The pose after a motion: like an action's step, with any share of it. */
export function posesFrom(start: Pose, motions: readonly FrameMotion[], step: StepSizes): Pose[] {
  const poses = [start];
  for (const { forward, rightward, yaw, pitch } of motions) {
    const pose = poses[poses.length - 1];
    const turn = yaw * step.yaw;
    const [s, c] = [Math.sin(pose.yaw + turn / 2), Math.cos(pose.yaw + turn / 2)];
    poses.push({
      x: pose.x + step.translation * (forward * s + rightward * c),
      z: pose.z + step.translation * (forward * c - rightward * s),
      yaw: pose.yaw + turn,
      pitch: pose.pitch + pitch * step.pitch,
    });
  }
  return poses;
}

/**
 * One action a latent of four frame steps, by the mean motion: an axis counts from the threshold on.
 * @returns as many as there are whole latents, after the first one's none
 */
export function latentActions(motions: readonly FrameMotion[], threshold: number): Uint8Array {
  const latents = Math.floor(motions.length / FRAMES_PER_LATENT);
  const actions = Array.from({ length: latents }, (_, t) => {
    const four = motions.slice(t * FRAMES_PER_LATENT, (t + 1) * FRAMES_PER_LATENT);
    const mean = (axis: MotionAxis): number => four.reduce((sum, motion) => sum + motion[axis], 0) / FRAMES_PER_LATENT;
    const sign = (axis: MotionAxis): number => (Math.abs(mean(axis)) >= threshold ? Math.sign(mean(axis)) : 0);
    return actionOfMotion({
      forward: sign("forward"),
      rightward: sign("rightward"),
      yaw: sign("yaw"),
      pitch: sign("pitch"),
    });
  });
  return Uint8Array.from([NONE, ...actions]);
}

/** Share of latents whose four steps are not alike, so that one action cannot say what they do. */
export function mixedShare(motions: readonly FrameMotion[]): number {
  const latents = Math.floor(motions.length / FRAMES_PER_LATENT);
  const differ = Array.from({ length: latents }, (_, t) => {
    const [first, ...others] = motions.slice(t * FRAMES_PER_LATENT, (t + 1) * FRAMES_PER_LATENT);
    return others.some((other) => MOTION_AXES.some((axis) => Math.abs(other[axis] - first[axis]) > ALIKE));
  });
  return differ.filter(Boolean).length / Math.max(1, latents);
}

/** Steps apart that are told from one another. */
const ALIKE = 0.5;
/** Steps of a frame from which on a motion is more than an action says. */
export const FAR = 1.5;

export const farShare = (motions: readonly FrameMotion[]): number =>
  motions.filter((motion) => MOTION_AXES.some((axis) => Math.abs(motion[axis]) > FAR)).length /
  Math.max(1, motions.length);
