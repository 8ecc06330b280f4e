/** A world model in another process, in any language, as a `WorldModel`: it can be stepped, not branched or trained. */
import { joinBytes } from "../../util/arrays.ts";
import { UserError } from "../../util/errors.ts";
import type { Rng } from "../../util/rng.ts";
import { type AskOptions, ask, askJson, trouble } from "../../util/wire/client.ts";
import { Blocks, PROTOCOL, packMessage, unpackMessage } from "../../util/wire/message.ts";
import { trajectoryOf } from "../../world/motion.ts";
import type { Clip, Rollout, Start, WorldModel } from "../worldModel.ts";
import { modelInfoSchema, sessionSchema, steppedSchema } from "./protocol.ts";

/** A clip that arrived as frames. */
interface ArrivedClip extends Clip {
  readonly frames: Uint8Array;
}

export type RemoteModelOptions = Pick<AskOptions, "url" | "token" | "timeout" | "retries">;

/** Frames of a clip, and those that a video's first clip lacks. */
const CLIP_FRAMES = 16;
const COPIES = 3;

/**
 * A world model in another process, in any language, over HTTP (docs/models.md). It is stepped and measured like any other;
 * it is not branched or trained.
 *
 * @throws UserError where no such model answers
 * @example
 * ```ts
 * import { remoteModel } from "worldcompass";
 * const asked = remoteModel({ url: "http://127.0.0.1:9", retries: 0 });
 * console.log(await asked.catch((error) => error.name)); // => UserError
 * ```
 */
export async function remoteModel(options: RemoteModelOptions): Promise<WorldModel> {
  const asked: AskOptions = { ...options, who: "the world model", page: "docs/models.md" };
  const { camera, step } = await askJson(asked, "/info", modelInfoSchema);
  const bytes = 3 * camera.width * camera.height;
  return {
    camera,
    step,
    reset: (starts) => openSession(asked, starts, { camera, step }),
    decode: (clips) =>
      clips.map((clip) => {
        const { frames } = clip as ArrivedClip;
        if (frames.length === CLIP_FRAMES * bytes) return frames;
        const first = frames.subarray(0, bytes);
        return joinBytes([...Array.from({ length: COPIES }, () => first), frames]);
      }),
  };
}

async function openSession(
  asked: AskOptions,
  starts: readonly Start[],
  { camera, step }: Pick<WorldModel, "camera" | "step">,
): Promise<Rollout> {
  const blocks = new Blocks();
  const sent = starts.map(({ frame, pose, scale = 1, level }) => ({
    frame: blocks.addFrames(frame, camera),
    pose: [pose.x, pose.z, pose.yaw, pose.pitch],
    scale,
    level,
  }));
  const { session } = await askJson(
    asked,
    "/reset",
    sessionSchema,
    packMessage({ protocol: PROTOCOL, starts: sent }, blocks),
  );
  const made: ArrivedClip[][] = starts.map(() => []);
  const commanded: number[][] = starts.map(() => []);
  const bytes = 3 * camera.width * camera.height;

  const stepped = async (actions: readonly ArrayLike<number>[], rngs: readonly Rng[]): Promise<Clip[]> => {
    const seeds = rngs.map((rng) => rng.bits());
    const four = actions.map((own) => Array.from(own));
    const header = { protocol: PROTOCOL, session, actions: four, seeds, made: made[0].length };
    const frames = (made[0].length === 0 ? CLIP_FRAMES - COPIES : CLIP_FRAMES) * bytes;
    const { header: answer, bytesOf } = unpackMessage(await ask(asked, "/step", packMessage(header)), steppedSchema);
    const clips = answer.clips.map((block): ArrivedClip => ({ latents: NONE, frames: bytesOf(block) }));
    if (clips.length !== starts.length || clips.some((clip) => clip.frames.length !== frames)) {
      const sizes = answer.clips.map(({ shape }) => `[${shape}]`).join(", ");
      throw trouble(
        asked,
        `answered clips ${sizes || "(none)"}`,
        `let it give one of ${frames / bytes} frames a video`,
      );
    }
    for (const [i, clip] of clips.entries()) {
      made[i].push(clip);
      commanded[i].push(...Array.from(actions[i]));
    }
    return clips;
  };

  return {
    count: starts.length,
    get length() {
      return made[0].length;
    },
    sample: () =>
      Promise.reject(new UserError("candidates of a remote model", "step it; only models here are branched")),
    append: () => Promise.reject(new UserError("a clip for a remote model", "step it; it keeps its clips itself")),
    step: stepped,
    clips: (i) => made[i],
    poses: (i) => trajectoryOf(starts[i].pose, commanded[i], step, starts[i].scale),
    frames: (i) => joinBytes(made[i].map(({ frames }) => frames)),
    dispose: () => {
      // The session ends in its own time; what goes wrong with that concerns nobody any more.
      ask({ ...asked, retries: 0 }, "/close", packMessage({ protocol: PROTOCOL, session })).catch((error: Error) =>
        process.stderr.write(`${error.message}\n`),
      );
    },
  };
}

const NONE = new Float32Array(0);
