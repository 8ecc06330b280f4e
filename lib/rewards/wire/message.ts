/** Clips as they travel to a scorer: actions and poses in the header, frames beside it; see docs/scorers.md. */
import { z } from "zod";
import { UserError } from "../../util/errors.ts";
import { type Block, Blocks, blockSchema, PROTOCOL, packMessage, unpackMessage } from "../../util/wire/message.ts";
import type { Pose } from "../../world/camera.ts";
import type { History, RewardInput } from "../reward.ts";

const poses = z
  .array(z.tuple([z.number(), z.number(), z.number(), z.number()]))
  .describe("x, z, yaw, pitch of each frame");

const clipSchema = z.strictObject({
  frames: blockSchema.describe("the frame before the clip and the clip's own; of a video's first clip its own alone"),
  first: blockSchema.describe("the video's first frame"),
  actions: z.array(z.int().min(0).max(80)).describe("commanded action of every frame step"),
  past: z
    .strictObject({ poses, ahead: poses, frames: blockSchema.optional() })
    .optional()
    .describe("what came before: commanded poses of the frames before and of the clip's own, and the frames before"),
});

export const clipsSchema = z.strictObject({
  protocol: z.literal(PROTOCOL),
  clips: z.array(clipSchema).min(1),
});

type SentClip = z.infer<typeof clipSchema>;

export interface EncodeOptions {
  readonly width: number;
  readonly height: number;
  /** Send the frames before each clip too; they can be many. */
  readonly past: boolean;
}

const packed = (list: readonly Pose[]): [number, number, number, number][] =>
  list.map((pose) => [pose.x, pose.z, pose.yaw, pose.pitch]);

const unpacked = (list: readonly (readonly number[])[]): Pose[] =>
  list.map(([x, z, yaw, pitch]) => ({ x, z, yaw, pitch }));

/** @throws UserError on frames that are not whole pictures of this size */
export function encodeClips(clips: readonly RewardInput[], { past, ...size }: EncodeOptions): Buffer {
  const blocks = new Blocks();
  const sent = clips.map(
    (clip): SentClip => ({
      frames: blocks.addFrames(clip.frames, size),
      first: blocks.addFrames(clip.first, size),
      actions: Array.from(clip.actions),
      ...(clip.history
        ? {
            past: {
              poses: packed(clip.history.poses),
              ahead: packed(clip.history.upcoming),
              ...(past ? { frames: blocks.addFrames(clip.history.frames(), size) } : {}),
            },
          }
        : {}),
    }),
  );
  return packMessage({ protocol: PROTOCOL, clips: sent }, blocks);
}

/** @throws UserError on anything that is not such a message */
export function decodeClips(message: Buffer): RewardInput[] {
  const { header, bytesOf } = unpackMessage(message, clipsSchema);
  return header.clips.map((clip) => ({
    frames: bytesOf(clip.frames),
    first: bytesOf(clip.first),
    actions: Int32Array.from(clip.actions),
    ...(clip.past ? { history: historyOf(clip.past, bytesOf) } : {}),
  }));
}

function historyOf(
  { poses: before, ahead, frames }: NonNullable<SentClip["past"]>,
  bytesOf: (block: Block) => Uint8Array,
): History {
  const bytes = frames && bytesOf(frames);
  return {
    poses: unpacked(before),
    upcoming: unpacked(ahead),
    frames: () => {
      if (bytes) return bytes;
      throw new UserError("the frames before the clip were not sent", 'let the scorer say that it "needs" the past');
    },
  };
}
