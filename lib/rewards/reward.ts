/** What a reward is: a score of one clip, given what came before and what was commanded. */
import type { Pose } from "../world/camera.ts";

/** The video before a clip and where its camera is sent, for rewards that look back. */
export interface History {
  /** Commanded camera of every frame before the clip, [f], and of the clip's own frames, [4 k]. */
  readonly poses: readonly Pose[];
  readonly upcoming: readonly Pose[];
  /** The frames before the clip, [f, height, width, 3]; decoded when they are first asked for. */
  frames(): Uint8Array;
}

/** What a reward sees of a clip. */
export interface RewardInput {
  /** The clip's frames after the last frame before it (in a video's first clip: its first frame), [1 + 4 k, height, width, 3]. */
  readonly frames: Uint8Array;
  /** The video's first frame, [height, width, 3]. */
  readonly first: Uint8Array;
  /** Commanded action of every frame step, [4 k]. */
  readonly actions: Int32Array;
  /** A video's first clip has none. */
  readonly history?: History;
}

/** A reward whose scores may take a while: one that another program gives (lib/rewards/wire). */
export interface Scoring {
  readonly name: string;
  score(clips: readonly RewardInput[]): number[] | Promise<number[]>;
}

/** A reward whose scores are there at once. One of your own is an object with a name and a function. */
export interface Reward extends Scoring {
  readonly name: string;
  /** Higher is better; one score a clip, on any scale (advantages are normalised). */
  score(clips: readonly RewardInput[]): number[];
}

/** A reward and how much it counts. */
export interface Weighted<R extends Scoring = Reward> {
  readonly reward: R;
  /** 0: only watched. */
  readonly weight: number;
}
