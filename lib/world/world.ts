/** What a world is to the rest of the laboratory: a place with exact pictures at every pose. Each world has a folder of its own. */
import type { Rng } from "../util/rng.ts";
import type { Pose } from "./camera.ts";

/**
 * How directions of view become pixels. A data set's description holds it; models and estimators know nothing else of a
 * world's geometry. Pixels are square; the principal point is the picture's centre.
 */
export interface CameraModel {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Focal length in pixels. */
  readonly focal: number;
  /** Looking up or down turns the camera ("turns"), or shifts the picture by focal * tan(pitch) ("shears", as old engines do). */
  readonly pitch: "turns" | "shears";
}

/** How far one frame's step of an action goes. */
export interface StepSizes {
  /** World units. */
  readonly translation: number;
  /** Radians. */
  readonly yaw: number;
  readonly pitch: number;
}

/** What is known of a world's pictures and actions without having seen it. */
export interface WorldDescription {
  readonly name: string;
  readonly camera: CameraModel;
  readonly step: StepSizes;
  /** Largest absolute pitch, radians. */
  readonly pitchLimit: number;
}

/** One instance of a world, wholly determined by its seed. */
export interface Level {
  readonly seed: number;
  /** May the camera be there? */
  isFree(pose: Pose): boolean;
  /** Is there a picture from a pose? Without it from every one, within walls too. */
  draws?(pose: Pose): boolean;
  /** A free pose to begin at. */
  spawn(rng: Rng): Pose;
  /** The true pictures from poses: [poses.length, height, width, 3] of 8-bit RGB. */
  render(poses: readonly Pose[]): Promise<Uint8Array>;
  /** The true distance along the camera's forward axis of every pixel's centre, world units: [poses.length, height, width]. */
  depth(poses: readonly Pose[]): Promise<Float32Array>;
}

/**
 * A world: levels that are wholly determined by their seeds, and what is known of them all. One of your own is an object
 * with these members (test/own/world.test.ts); nothing else has to be told.
 */
export interface World extends WorldDescription {
  /** @param seed a non-negative integer */
  level(seed: number): Level;
  /** Ends what the world holds open (a process, say). */
  close(): Promise<void>;
}
