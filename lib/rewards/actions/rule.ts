/** The paper's rule from a camera's motion to an action, in steps of the world. */
import { actionOfMotion } from "../../world/actions.ts";

/** A motion counts from half a step on; and a direction by its cosine: within 60 degrees of an axis it goes along it. */
const THRESHOLD = 0.5;
const COSINE = 0.5;

const beyond = (value: number, threshold: number): number => (Math.abs(value) > threshold ? Math.sign(value) : 0);

/** @param motion of a frame in steps: rightward, forward, yaw, pitch */
export function labelOfSteps([rightward, forward, yaw, pitch]: ArrayLike<number> & Iterable<number>): number {
  const length = Math.hypot(rightward, forward);
  const along = (component: number): number => (length > THRESHOLD ? beyond(component / length, COSINE) : 0);
  return actionOfMotion({
    forward: along(forward),
    rightward: along(rightward),
    yaw: beyond(yaw, THRESHOLD),
    pitch: beyond(pitch, THRESHOLD),
  });
}
