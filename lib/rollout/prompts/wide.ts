/**
 * Commands outside of the training distribution. A world model takes one of 81 classes a latent and a camera path:
 * - slow, fast: combined commands whose camera steps are 0.5 and 1.5 times as long. The class stays the same; the speed is
 *   told by the continuous action (poses) alone.
 * - triple: three or four axes at once. They are among the 81 classes, but not among the 32 primitives of training.
 * - alternating: another primitive every latent; in training each is held for 2 to 16.
 * - still: nothing, for the whole video; in training 4 % of the segments.
 */
import { UserError } from "../../util/errors.ts";
import type { Rng } from "../../util/rng.ts";
import {
  ALL_ACTIONS,
  axesOf,
  COMBINED_PRIMITIVES,
  FRAMES_PER_LATENT,
  framesOf,
  NONE,
  type Pose,
  PRIMITIVES,
  stepLatent,
} from "../../world/index.ts";
import { isFree, makeScene, planTrajectory, type Scene } from "../../world/plane/index.ts";
import type { Prompt, WideKind } from "./prompt.ts";

/** What a set is drawn from: commands, how long each is held (shortest, longest), and the speed. */
interface WideSet {
  readonly actions: readonly number[];
  readonly segment: readonly [number, number];
  readonly speed: number;
}

const SETS: Record<WideKind, WideSet> = {
  slow: { actions: COMBINED_PRIMITIVES, segment: [2, 16], speed: 0.5 },
  fast: { actions: COMBINED_PRIMITIVES, segment: [2, 16], speed: 1.5 },
  triple: { actions: ALL_ACTIONS.filter((action) => axesOf(action) > 2), segment: [2, 16], speed: 1 },
  alternating: { actions: PRIMITIVES, segment: [1, 1], speed: 1 },
  still: { actions: [NONE], segment: [1, 1], speed: 1 },
};

const TRIES = 2000;

/** A random command held as long as its segment lasts and the way is free: at least one latent. */
function drawSegment({ actions, segment, speed }: WideSet, scene: Scene, start: Pose, before: number, rng: Rng) {
  const others = actions.length > 1 ? actions.filter((action) => action !== before) : actions;
  for (let i = 0; i < TRIES; i++) {
    const action = rng.pick(others);
    const wanted = segment[0] + rng.int(segment[1] - segment[0] + 1);
    const poses: Pose[] = [];
    for (let latent = 0; latent < wanted; latent++) {
      const next = stepLatent(poses.at(-1) ?? start, action, speed);
      if (!isFree(scene, next)) break;
      poses.push(...next);
    }
    if (poses.length > 0) return { action, poses };
  }
  throw new UserError(`no way on in scene ${scene.seed}`, "choose another scene or random stream");
}

/** A prompt of `latents` latents in a scene. */
export function widePrompt(kind: WideKind, sceneSeed: number, latents: number, rng: Rng): Prompt {
  const set = SETS[kind];
  const scene = makeScene(sceneSeed);
  const poses = [...planTrajectory({ scene, latents: 1, kind: "basic", rng }).poses];
  const actions = [NONE];
  while (actions.length < latents) {
    const { action, poses: more } = drawSegment(set, scene, poses[poses.length - 1], actions[actions.length - 1], rng);
    poses.push(...more);
    for (let i = 0; i < more.length; i += FRAMES_PER_LATENT) actions.push(action);
  }
  return {
    kind,
    sceneSeed,
    actions: Uint8Array.from(actions.slice(0, latents)),
    poses: poses.slice(0, framesOf(latents)),
    speed: set.speed,
  };
}
