/** World models over a wire: what a session's requests and answers hold; see docs/models.md. */
import { z } from "zod";
import { blockSchema, PROTOCOL } from "../../util/wire/message.ts";

/** Videos of one session: each keeps its pictures. */
const MOST_VIDEOS = 1024;

const pose = z.tuple([z.number(), z.number(), z.number(), z.number()]).describe("x, z, yaw, pitch");

export const modelInfoSchema = z.object({
  protocol: z.literal(PROTOCOL),
  name: z.string(),
  camera: z.object({
    width: z.int().min(1),
    height: z.int().min(1),
    focal: z.number().gt(0),
    pitch: z.enum(["turns", "shears"]),
  }),
  step: z.object({ translation: z.number(), yaw: z.number(), pitch: z.number() }),
});

export const resetSchema = z.strictObject({
  protocol: z.literal(PROTOCOL),
  starts: z
    .array(
      z.strictObject({
        frame: blockSchema,
        pose,
        scale: z.number(),
        level: z
          .int()
          .min(0)
          .optional()
          .describe("seed of the level: a true world needs it, a model does not look at it"),
      }),
    )
    .min(1)
    .max(MOST_VIDEOS),
});

export const sessionSchema = z.object({ session: z.string().min(1) });

export const stepSchema = z.strictObject({
  protocol: z.literal(PROTOCOL),
  session: z.string(),
  actions: z.array(z.tuple([z.int(), z.int(), z.int(), z.int()])).describe("four of each video, 0 to 80"),
  seeds: z.array(z.int().min(0)).describe("one of each video: all its noise"),
  made: z
    .int()
    .min(0)
    .optional()
    .describe("clips that each video has: a step that was made, whose answer was lost, is not made again"),
});

/** The clip that was appended to each video: 16 frames, of a video's first clip 13. */
export const steppedSchema = z.strictObject({
  clips: z.array(blockSchema),
  poses: z.array(pose).optional().describe("where each video's camera was sent"),
});

export const startSchema = z.strictObject({
  protocol: z.literal(PROTOCOL),
  seed: z.int().min(0).describe("another seed is another place to begin at"),
});

export const closeSchema = z.strictObject({ protocol: z.literal(PROTOCOL), session: z.string() });
