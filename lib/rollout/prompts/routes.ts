/**
 * Paths that revisit earlier poses exactly, for tests and rewards of spatial memory. Steps are fixed (0.4 units or 8
 * degrees a latent), so routes are chosen to close: 45 latents are a full turn, 15 are 120 degrees; a square closes
 * because it is walked without turning (forward, right, backward, left), a triangle because its corners are 120 degrees.
 */
import { sightOf, solidPixels } from "../../metrics/permanence.ts";
import { UserError } from "../../util/errors.ts";
import type { Rng } from "../../util/rng.ts";
import {
  actionOf,
  actionOfMotion,
  FRAMES_PER_LATENT,
  HEIGHT,
  motionOf,
  NONE,
  type Pose,
  pathOf,
  WIDTH,
} from "../../world/index.ts";
import { isFree, makeScene, planTrajectory, type Scene } from "../../world/plane/index.ts";
import type { Prompt, Route } from "./prompt.ts";

const [FORWARD, BACKWARD, LEFTWARD, RIGHTWARD] = [1, 2, 3, 4].map((translation) => actionOf(translation, 0));
const [TURN_LEFT, TURN_RIGHT] = [1, 2].map((rotation) => actionOf(0, rotation));
/** Latents of 120 degrees: a triangle's corner, and enough to lose all that was in view. */
const CORNER = 15;
/** Share of the first picture that solids cover where they are to be remembered. */
const SOLID_SHARE = 0.06;
const TRIES = 500;

/** The action that undoes another. */
export function oppositeOf(action: number): number {
  const { forward, rightward, yaw, pitch } = motionOf(action);
  // Zeros stay positive, since actions are looked up by identity.
  return actionOfMotion({ forward: 0 - forward, rightward: 0 - rightward, yaw: 0 - yaw, pitch: 0 - pitch });
}

const held = (action: number, latents: number): number[] => new Array<number>(latents).fill(action);

/** One round of a route that is a fixed list of commands. */
function round(route: Exclude<Route, "out-and-back">, size: number, rng: Rng): number[] {
  const [one, other] = rng.shuffled([TURN_LEFT, TURN_RIGHT]);
  if (route === "turn") return held(one, size);
  if (route === "look-away") return [...held(one, size), ...held(other, size)];
  if (route === "triangle") return [0, 1, 2].flatMap(() => [...held(FORWARD, size), ...held(one, CORNER)]);
  const sideways = rng.shuffled([LEFTWARD, RIGHTWARD]);
  return [FORWARD, sideways[0], BACKWARD, sideways[1]].flatMap((action) => held(action, size));
}

/** The longest size (latents of a leg or side) that lets a route come back within `latents`, up to a limit each. */
export function routeSize(route: Route, latents: number): number {
  const moving = latents - 1;
  if (route === "turn") return 45;
  if (route === "look-away") return Math.min(CORNER, Math.floor(moving / 2));
  if (route === "out-and-back") return Math.min(16, Math.floor(moving / 2));
  const [corners, longest] = route === "square" ? [0, 6] : [3 * CORNER, 8];
  // A round and a fifth, so that some of it is walked twice.
  return Math.max(1, Math.min(longest, Math.floor((moving / 1.2 - corners) / (route === "square" ? 4 : 3))));
}

export interface RouteOptions {
  sceneSeed: number;
  latents: number;
  /** Latents of a leg, or of a side; default `routeSize`. */
  size?: number;
  rng: Rng;
}

/** Does the first picture show solids that are worth remembering? */
const showsSolids = (scene: Scene, pose: Pose): boolean =>
  solidPixels(sightOf(scene, pose)).length >= SOLID_SHARE * WIDTH * HEIGHT;

/** A stretch that may be walked and comes back to its start, or just its first leg where that is planned freely. */
function drawRound(route: Route, scene: Scene, size: number, rng: Rng): { start: Pose; actions: number[] } | undefined {
  if (route === "out-and-back") {
    const plan = planTrajectory({ scene, latents: size + 1, kind: "primitives", rng });
    const out = [...plan.commanded.subarray(1)];
    return { start: plan.poses[0], actions: [...out, ...out.toReversed().map(oppositeOf)] };
  }
  const [start] = planTrajectory({ scene, latents: 1, kind: "basic", rng }).poses;
  const actions = round(route, size, rng);
  const free = isFree(scene, pathOf(start, [NONE, ...actions]));
  return free && (route !== "look-away" || showsSolids(scene, start)) ? { start, actions } : undefined;
}

/**
 * A prompt that goes round and round one route, from a random free place in the scene.
 * @throws UserError if the scene has no room for it
 */
export function routePrompt(route: Route, { sceneSeed, latents, rng, size }: RouteOptions): Prompt {
  const scene = makeScene(sceneSeed);
  const long = size ?? routeSize(route, latents);
  for (let i = 0; i < TRIES; i++) {
    const drawn = drawRound(route, scene, long, rng);
    if (!drawn) continue;
    const { start, actions } = drawn;
    const commands = Uint8Array.from({ length: latents }, (_, t) =>
      t === 0 ? NONE : actions[(t - 1) % actions.length],
    );
    return { kind: route, sceneSeed, actions: commands, poses: pathOf(start, commands) };
  }
  throw new UserError(`no room for a ${route} of size ${long} in scene ${sceneSeed}`, "choose a smaller size");
}

/** The frame at which an out-and-back or look-away path first turns back. */
export const turningFrame = (size: number): number => FRAMES_PER_LATENT * size;
