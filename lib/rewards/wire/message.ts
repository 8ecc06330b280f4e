/**
 * Clips as they travel to a scorer: a header in JSON (shapes, actions, poses), and the frames' bytes beside it, as they are.
 *
 * Layout: 4 bytes, the header's length (little-endian); the header, UTF-8; then all frames. A frame block is named by its
 * `shape` and its `offset` into them.
 */
import { z } from "zod";
import { UserError } from "../../util/errors.ts";
import type { Pose } from "../../world/camera.ts";
import type { JudgedClip } from "../reward.ts";

/** Version of the protocol; a server answers another one with an error. */
export const PROTOCOL = 1;

const size = z.int().min(1).max(4096);
const frames = z.strictObject({
  shape: z.tuple([size, size, size, z.literal(3)]).describe("frames, height, width, colours"),
  offset: z.int().min(0),
});
const poses = z
  .array(z.tuple([z.number(), z.number(), z.number(), z.number()]))
  .describe("x, z, yaw, pitch of each frame");

const clipSchema = z.strictObject({
  frames: frames.describe("the frame before the clip and the clip's own; of a video's first clip its own alone"),
  first: frames.describe("the video's first frame"),
  actions: z.array(z.int().min(0).max(80)).describe("commanded action of every frame step"),
  past: z
    .strictObject({ poses, ahead: poses, frames: frames.optional() })
    .optional()
    .describe("what came before: commanded poses of the frames before and of the clip's own, and the frames before"),
});

export const headerSchema = z.strictObject({
  protocol: z.literal(PROTOCOL),
  clips: z.array(clipSchema).min(1),
});

type Header = z.infer<typeof headerSchema>;
type FrameBlock = z.infer<typeof frames>;

const LENGTH_BYTES = 4;

export interface EncodeOptions {
  readonly width: number;
  readonly height: number;
  /** Send the frames before each clip too; they can be many. */
  readonly past: boolean;
}

const packed = (list: readonly Pose[]): [number, number, number, number][] =>
  list.map(({ x, z: z_, yaw, pitch }) => [x, z_, yaw, pitch]);

/** @throws UserError on frames that are not whole pictures of this size */
export function encodeClips(clips: readonly JudgedClip[], { width, height, past }: EncodeOptions): Buffer {
  const blocks: Uint8Array[] = [];
  let offset = 0;
  const block = (bytes: Uint8Array): FrameBlock => {
    const count = bytes.length / (3 * width * height);
    if (!Number.isInteger(count) || count < 1)
      throw new UserError(`${bytes.length} bytes are no pictures of ${width} x ${height}`, "give whole frames of RGB");
    const at = offset;
    blocks.push(bytes);
    offset += bytes.length;
    return { shape: [count, height, width, 3], offset: at };
  };
  const header: Header = {
    protocol: PROTOCOL,
    clips: clips.map((clip) => ({
      frames: block(clip.frames),
      first: block(clip.first),
      actions: Array.from(clip.actions),
      ...(clip.past
        ? {
            past: {
              poses: packed(clip.past.poses),
              ahead: packed(clip.past.ahead),
              ...(past ? { frames: block(clip.past.frames()) } : {}),
            },
          }
        : {}),
    })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, ...blocks]);
}

function headerOf(message: Buffer): { header: Header; body: Buffer } {
  if (message.length < LENGTH_BYTES) throw new UserError("the message is empty", "send a header and frames");
  const end = LENGTH_BYTES + message.readUInt32LE();
  if (end > message.length)
    throw new UserError(`the header should end at byte ${end} of ${message.length}`, "send its length first");
  let value: unknown;
  try {
    value = JSON.parse(message.toString("utf8", LENGTH_BYTES, end));
  } catch (cause) {
    throw new UserError("the header is not JSON", "send UTF-8 JSON after its length", { cause });
  }
  const parsed = headerSchema.safeParse(value);
  if (parsed.success) return { header: parsed.data, body: message.subarray(end) };
  const [{ path, message: what }] = parsed.error.issues;
  throw new UserError(`the header's ${path.join(".") || "content"}: ${what}`, "see docs/scorers.md");
}

const unpacked = (list: readonly (readonly number[])[]): Pose[] =>
  list.map(([x, z_, yaw, pitch]) => ({ x, z: z_, yaw, pitch }));

/** @throws UserError on anything that is not such a message */
export function decodeClips(message: Buffer): JudgedClip[] {
  const { header, body } = headerOf(message);
  const bytesOf = ({ shape, offset }: FrameBlock): Uint8Array => {
    const end = offset + shape.reduce((a, b) => a * b, 1);
    if (end > body.length)
      throw new UserError(`frames [${shape}] at ${offset} end beyond the ${body.length} bytes sent`, "send them all");
    return new Uint8Array(body.buffer, body.byteOffset + offset, end - offset);
  };
  return header.clips.map((clip) => ({
    frames: bytesOf(clip.frames),
    first: bytesOf(clip.first),
    actions: Int32Array.from(clip.actions),
    ...(clip.past ? { past: pastOf(clip.past, bytesOf) } : {}),
  }));
}

function pastOf(past: NonNullable<Header["clips"][number]["past"]>, bytesOf: (block: FrameBlock) => Uint8Array) {
  const { poses: before, ahead, frames: block } = past;
  const bytes = block && bytesOf(block);
  return {
    poses: unpacked(before),
    ahead: unpacked(ahead),
    frames: () => {
      if (bytes) return bytes;
      throw new UserError("the frames before the clip were not sent", 'let the scorer say that it "needs" the past');
    },
  };
}
