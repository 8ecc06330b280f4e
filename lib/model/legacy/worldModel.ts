/** What a world model is to the rest of the library: something that continues videos clip by clip under actions. */
import type { Pose } from "../../world/index.ts";
import type { LatentPath } from "./condition.ts";

/** Where a video starts: its first picture as a latent, and the camera's pose. */
export interface Start {
  /** Latent of the first frame, as tokens [15, 128]. */
  latent: Float32Array;
  pose: Pose;
  /** Scale of the camera's steps throughout the video, told by the continuous action alone; 1 if not given. */
  speed?: number;
}

/** A sample that does not begin with pure noise: given clips, noised to a level, are denoised. */
export interface Renoised {
  /** One for each noise, tokens [60, 128]. */
  clips: readonly Float32Array[];
  /** Above 0, at most 1; 1 is pure noise. */
  sigma: number;
}

/**
 * Videos that grow in step. Clips are tokens [60, 128] on the host; a clip is four actions (of the first clip's, the
 * first belongs to the given picture and is ignored).
 */
export interface Rollout {
  /** Videos. */
  readonly count: number;
  /** Clips made so far. */
  readonly length: number;
  /**
   * Candidates for the next clip, without choosing one: for each video `noises.length / count` samples.
   * @param actions for each video its four actions
   * @param noises standard normal, [60 * 128] each; those of one video together
   * @param renoised where to begin instead of at pure noise
   */
  propose(actions: readonly ArrayLike<number>[], noises: readonly Float32Array[], renoised?: Renoised): Float32Array[];
  /**
   * Makes one clip per video the next one.
   * @param ways of the camera, where they are known; otherwise the model tells them from the clips
   */
  append(
    actions: readonly ArrayLike<number>[],
    clips: readonly Float32Array[],
    ways?: readonly (readonly LatentPath[])[],
  ): void;
  /** The clips of video `i`. */
  clips(i: number): readonly Float32Array[];
  /** The way that the camera is taken to have gone in each of them. */
  paths(i: number): readonly (readonly LatentPath[])[];
  dispose(): void;
}

export interface WorldModel {
  begin(starts: readonly Start[]): Rollout;
}
