/**
 * How somebody's data set means the laboratory's camera motions: a JSON file of a few lines. Actions are discrete (each value
 * of a feature names keys) or continuous (numbers of a feature are motions along axes, so many of them one step).
 */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { onFile, UserError } from "../../../util/errors.ts";
import { parseJson } from "../../../util/strict-json.ts";
import { ACTIONS } from "../../actions.ts";
import { keyOf, parsePoseString } from "../../pose-string.ts";
import type { WorldDescription } from "../../world.ts";
import type { Info } from "./format.ts";

const DEGREE = Math.PI / 180;

/** A number of a feature that moves the camera along an axis; the sign of `step` is the direction. */
const axisSchema = z.strictObject({
  index: z.int().min(0).describe("which number of the feature"),
  step: z
    .number()
    .refine((step) => step !== 0, "a step of 0")
    .describe("the value that is one whole step of a frame"),
});

export const MOTION_AXES = ["forward", "rightward", "yaw", "pitch"] as const;
export type MotionAxis = (typeof MOTION_AXES)[number];

const discreteSchema = z.strictObject({
  feature: z.string().min(1),
  index: z.int().min(0).default(0).describe("which number of the feature"),
  keys: z.record(z.string(), z.string()).describe('keys held at each value: {"0": "none", "1": "w", "2": "w+right"}'),
});
const continuousSchema = z.strictObject({
  feature: z.string().min(1),
  ...{ forward: axisSchema.optional(), rightward: axisSchema.optional() },
  ...{ yaw: axisSchema.optional(), pitch: axisSchema.optional() },
  threshold: z.number().gt(0).max(1).default(0.5).describe("shares of a step below which an axis stands still"),
});

export const mappingSchema = z.strictObject({
  world: z
    .string()
    .regex(
      /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u,
      "a name of letters, digits, dots and dashes, since a folder is called so",
    )
    .describe("a name for the place"),
  pictures: z.string().min(1).describe("the feature with the pictures"),
  camera: z
    .strictObject({ focal: z.number().gt(0), pitch: z.enum(["turns", "shears"]).default("turns") })
    .prefault({ focal: 40 })
    .describe("focal length in pixels of a picture of 80 x 48"),
  step: z
    .strictObject({ translation: z.number().gt(0), yaw: z.number().gt(0), pitch: z.number().gt(0) })
    .prefault({ translation: 0.1, yaw: 2, pitch: 1.25 })
    .describe("what a step of a frame is: world units, and degrees"),
  pitchLimit: z.number().gt(0).max(90).default(45).describe("degrees"),
  discrete: discreteSchema.optional(),
  continuous: continuousSchema.optional(),
  ignore: z
    .array(z.string())
    .default([])
    .describe("features and numbers, such as action[3], that do not move the camera"),
  pose: z
    .strictObject({ feature: z.string().min(1) })
    .optional()
    .describe("the feature with x, z, yaw and pitch; without it poses are what the actions say"),
});
export type Mapping = z.infer<typeof mappingSchema>;

/** A set of our own brings its mapping along. */
export const MAPPING_FILE = "meta/worldcompass.json";
const PAGE = "see docs/data.md";

/** @throws UserError naming what is wrong in the file */
export function readMapping(path: string): Mapping {
  if (!existsSync(path))
    throw new UserError(`there is no mapping ${path}`, `write how the actions move the camera: ${PAGE}`);
  const value = parseJson(
    onFile(path, () => readFileSync(path, "utf8")),
    path,
    PAGE,
  );
  const parsed = mappingSchema.safeParse(value);
  if (!parsed.success) {
    const [{ path: where, message }] = parsed.error.issues;
    throw new UserError(`${path}: ${where.join(".") || "content"}: ${message}`, PAGE);
  }
  if ((parsed.data.discrete === undefined) === (parsed.data.continuous === undefined))
    throw new UserError(`${path} must have "discrete" or "continuous" actions, and not both`, PAGE);
  return parsed.data;
}

/** The action of each discrete value. @throws UserError at keys that there are not */
export function actionsOfKeys({ keys }: NonNullable<Mapping["discrete"]>): Map<number, number> {
  return new Map(
    Object.entries(keys).map(([value, key]) => {
      if (value.trim() === "" || !Number.isFinite(Number(value)))
        throw new UserError(`the mapping's discrete value "${value}" is no number`, PAGE);
      return [Number(value), parsePoseString(`${key}-1`)[0].action];
    }),
  );
}

/** @throws UserError naming what the set lacks, or what of its actions is not mapped */
export function checkMapping({ pictures, discrete, continuous, ignore, pose }: Mapping, { features }: Info): void {
  const need = (name: string) => {
    if (Object.hasOwn(features, name)) return features[name];
    throw new UserError(`the set has no feature "${name}"`, `it has ${Object.keys(features).join(", ")}`);
  };
  const kind = need(pictures).dtype;
  if (kind !== "video" && kind !== "image")
    throw new UserError(`the feature "${pictures}" is ${kind}, no pictures`, "name one of video or image");
  const size = (name: string): number => need(name).shape.reduce((a, b) => a * b, 1);
  const used = new Set<string>();
  const take = (feature: string, index: number): void => {
    if (index >= size(feature))
      throw new UserError(`the feature "${feature}" has no number ${index}`, `it has ${size(feature)}, counted from 0`);
    used.add(`${feature}[${index}]`);
  };
  if (discrete) take(discrete.feature, discrete.index);
  if (continuous) {
    const axes = MOTION_AXES.flatMap((axis) => continuous[axis] ?? []);
    if (axes.length === 0) throw new UserError("the mapping's continuous actions move along no axis", PAGE);
    for (const { index } of axes) take(continuous.feature, index);
  }
  if (pose && size(pose.feature) !== 4)
    throw new UserError(`the feature "${pose.feature}" is no pose`, "give one of four numbers: x, z, yaw, pitch");
  const feature = (discrete ?? continuous)?.feature as string;
  const left = Array.from({ length: size(feature) }, (_, i) => `${feature}[${i}]`).filter(
    (name) => !used.has(name) && !ignore.includes(name) && !ignore.includes(feature),
  );
  if (left.length > 0)
    throw new UserError(
      `not mapped: ${left.join(", ")}`,
      'map them, or list them under "ignore" where they move no camera',
    );
}

/** What the world is to models and estimators. @param size of its pictures */
export const mappedWorld = (
  { world, camera, step, pitchLimit }: Mapping,
  size: { width: number; height: number },
): WorldDescription => ({
  name: world,
  camera: { ...size, ...camera },
  step: { translation: step.translation, yaw: step.yaw * DEGREE, pitch: step.pitch * DEGREE },
  pitchLimit: pitchLimit * DEGREE,
});

/** The mapping of sets that we write: every action by its number. */
export const ownMapping = (
  { name, camera, step, pitchLimit }: WorldDescription,
  names: { CAMERA: string; STATE: string; ACTION_ID: string },
): unknown => ({
  world: name,
  pictures: names.CAMERA,
  camera: { focal: camera.focal, pitch: camera.pitch },
  step: { translation: step.translation, yaw: step.yaw / DEGREE, pitch: step.pitch / DEGREE },
  pitchLimit: pitchLimit / DEGREE,
  discrete: {
    feature: names.ACTION_ID,
    keys: Object.fromEntries(Array.from({ length: ACTIONS }, (_, action) => [action, keyOf(action)])),
  },
  pose: { feature: names.STATE },
});
