/** A world itself as a `WorldModel`: what it shows is true. It is stepped, not branched; every start says its level. */
import { UserError } from "../util/errors.ts";
import { trajectoryOf } from "../world/motion.ts";
import type { Level, World } from "../world/world.ts";
import type { Clip, Rollout, Start, WorldModel } from "./worldModel.ts";

/** A clip as its pictures. */
interface TrueClip extends Clip {
  /** [16, height, width, 3] */
  readonly frames: Uint8Array;
}

const CLIP_FRAMES = 16;
const COPIES = 3;
const NONE = new Float32Array(0);

export const trueWorldModel = (world: World): WorldModel => ({
  camera: world.camera,
  step: world.step,
  reset: async (starts) => rolloutOf(world, starts),
  decode: (clips) => clips.map((clip) => (clip as TrueClip).frames),
});

function levelOf(world: World, { level }: Start, video: number): Level {
  if (level !== undefined) return world.level(level);
  throw new UserError(`the start of video ${video} does not say its level`, "give the seed of a level of the world");
}

function rolloutOf(world: World, starts: readonly Start[]): Rollout {
  const levels = starts.map((start, i) => levelOf(world, start, i));
  const made: TrueClip[][] = starts.map(() => []);
  const commanded: number[][] = starts.map(() => []);
  const bytes = 3 * world.camera.width * world.camera.height;
  const poses = (i: number) => trajectoryOf(starts[i].pose, commanded[i], world.step, starts[i].scale);
  const refused = (what: string) => Promise.reject(new UserError(`${what} for a true world`, "step it"));
  /** The pictures of the clip that was just commanded, with copies of the first one in a video's first clip. */
  const clipOf = async (i: number): Promise<TrueClip> => {
    const own = made[i].length === 0 ? CLIP_FRAMES - COPIES : CLIP_FRAMES;
    const pictures = await levels[i].render(poses(i).slice(-own));
    const copies = CLIP_FRAMES - own;
    const frames = new Uint8Array(CLIP_FRAMES * bytes);
    for (let n = 0; n < copies; n++) frames.set(pictures.subarray(0, bytes), n * bytes);
    frames.set(pictures, copies * bytes);
    return { latents: NONE, frames };
  };
  return {
    count: starts.length,
    get length() {
      return made[0].length;
    },
    sample: () => refused("candidates"),
    append: () => refused("a clip"),
    step: async (actions) => {
      for (const [i, four] of actions.entries()) commanded[i].push(...Array.from(four));
      const clips = await Promise.all(starts.map((_, i) => clipOf(i)));
      for (const [i, clip] of clips.entries()) made[i].push(clip);
      return clips;
    },
    clips: (i) => made[i],
    poses,
    frames: (i) => Buffer.concat(made[i].map(({ frames }) => frames)).subarray(COPIES * bytes),
    dispose: () => {},
  };
}
