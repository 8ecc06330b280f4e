/** The paper's 81 actions: id = 9 * translation + rotation. Names are the keys held. */
export const TRANSLATIONS = ["none", "w", "s", "a", "d", "wa", "wd", "sa", "sd"] as const;
export const ROTATIONS = ["none", "left", "right", "up", "down", "upleft", "upright", "downleft", "downright"] as const;
export const ACTIONS = TRANSLATIONS.length * ROTATIONS.length;
export const NONE = 0;

/** A motion as signs: forward and rightward translation, yaw to the right, pitch upward; each -1, 0 or 1. */
export interface Motion {
  readonly forward: number;
  readonly rightward: number;
  readonly yaw: number;
  readonly pitch: number;
}

const FORWARD = [0, 1, -1, 0, 0, 1, 1, -1, -1];
const RIGHTWARD = [0, 0, 0, -1, 1, -1, 1, -1, 1];
const YAW = [0, -1, 1, 0, 0, -1, 1, -1, 1];
const PITCH = [0, 0, 0, 1, -1, 1, 1, -1, -1];

export const actionOf = (translation: number, rotation: number): number => 9 * translation + rotation;
export const translationOf = (action: number): number => Math.floor(action / 9);
export const rotationOf = (action: number): number => action % 9;

export function motionOf(action: number): Motion {
  const [t, r] = [translationOf(action), rotationOf(action)];
  return { forward: FORWARD[t], rightward: RIGHTWARD[t], yaw: YAW[r], pitch: PITCH[r] };
}

/** The action of a motion's signs. */
export function actionOfMotion({ forward, rightward, yaw, pitch }: Motion): number {
  const translation = FORWARD.findIndex((f, i) => f === forward && RIGHTWARD[i] === rightward);
  const rotation = YAW.findIndex((y, i) => y === yaw && PITCH[i] === pitch);
  return actionOf(translation, rotation);
}

/** How many axes an action moves along: 0 for none, 1 for a basic action, more for a combined one. */
export function axesOf(action: number): number {
  const { forward, rightward, yaw, pitch } = motionOf(action);
  return Math.abs(forward) + Math.abs(rightward) + Math.abs(yaw) + Math.abs(pitch);
}

export const isBasic = (action: number): boolean => axesOf(action) === 1;
export const isCombined = (action: number): boolean => axesOf(action) > 1;
