/**
 * What a world model is to the rest of the laboratory: something that continues videos clip by clip under actions. Frames,
 * poses and actions are all that passes; what a model keeps of a clip is its own affair.
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { Rng } from "../util/rng.ts";
import type { Pose } from "../world/camera.ts";
import type { CameraModel, StepSizes } from "../world/world.ts";
import type { Params } from "./nn/params.ts";

/** Where a video starts. */
export interface Start {
  /** The given first picture, [height, width, 3] bytes. */
  readonly frame: Uint8Array;
  readonly pose: Pose;
  /** Scale of the camera's steps throughout the video; 1 if not given. */
  readonly scale?: number;
  /** Seed of the level that it is a start in; only a true world looks at it. */
  readonly level?: number;
}

/** A clip as the model keeps it; only the model that made it looks inside. */
export interface Clip {
  readonly latents: Float32Array;
}

/** How one candidate is sampled. */
export interface Candidate {
  /** All noise is drawn from here. */
  readonly rng: Rng;
  /** Four actions that the model is conditioned on instead of the commanded ones. */
  readonly actions?: ArrayLike<number>;
  /** Weight of classifier-free action guidance; default 1, none. */
  readonly guidance?: number;
  /** Share of fresh noise in the sampler's early steps, 0..1; default 0, the ODE. */
  readonly eta?: number;
  /** Partial denoising (SDEdit, arXiv 2108.01073): a clip noised to a level is denoised instead of pure noise. */
  readonly from?: { readonly clip: Clip; readonly sigma: number };
}

/** Videos that grow in step, clip by clip. What makes clips may take a while: a model may run in another process. */
export interface Rollout {
  /** Videos. */
  readonly count: number;
  /** Clips made so far. */
  readonly length: number;
  /**
   * Candidates for the next clip; nothing is appended.
   * @param actions of every video the clip's four (of the first clip the first belongs to the given picture and is ignored)
   * @param candidates of every video, equally many
   */
  sample(actions: readonly ArrayLike<number>[], candidates: readonly (readonly Candidate[])[]): Promise<Clip[][]>;
  /** Makes one clip of every video the next one. */
  append(actions: readonly ArrayLike<number>[], clips: readonly Clip[]): Promise<void>;
  /** Samples one clip of every video and appends it. @param rngs one a video */
  step(actions: readonly ArrayLike<number>[], rngs: readonly Rng[]): Promise<Clip[]>;
  /** The clips of video `i`. */
  clips(i: number): readonly Clip[];
  /** The commanded camera at every frame of video `i`. */
  poses(i: number): readonly Pose[];
  /** The frames of video `i`: [16 n - 3, height, width, 3] bytes for n clips. */
  frames(i: number): Uint8Array;
  dispose(): void;
}

/** A world model: begins videos and lets them grow clip by clip. One of your own is an object with these members. */
export interface WorldModel {
  readonly camera: CameraModel;
  readonly step: StepSizes;
  /** Begins videos. */
  reset(starts: readonly Start[]): Promise<Rollout>;
  /** Clips of any videos as frames: [16, height, width, 3] bytes each; of a video's first clip the first 3 are copies. */
  decode(clips: readonly Clip[]): Uint8Array[];
}

/** What a model is shown beside a noisy clip: its commands and its past. Only the model that made it looks inside. */
export interface Conditioning {
  /** Is it a video's first clip, whose first latent is given? */
  readonly first: boolean;
}

/** A clip to be trained on, at one noise level: x_t = (1 - sigma) x0 + sigma eps. */
export interface TrainingPoint {
  readonly conditioning: Conditioning;
  readonly clip: Clip;
  readonly sigma: number;
  /** Standard normal, as many as the clip has numbers; without it the clip is x_t itself. */
  readonly eps?: Float32Array;
}

/** R points as tensors. A sample is [n, c]: n parts of c numbers. */
export interface TrainingBatch {
  /** For the model's own eyes. */
  readonly inputs: tf.NamedTensorMap | object;
  /** [R, n, c] */
  readonly xt: tf.Tensor;
  /** [R] */
  readonly sigma: tf.Tensor;
  /** 1 where a part counts, 0 where it is given. [1, n, 1] */
  readonly mask: tf.Tensor;
}

/** A world model whose policy can be trained: what objectives and training need beyond a `WorldModel`. */
export interface TrainableWorldModel extends WorldModel {
  readonly params: Params;
  /** Which parameters are hidden matrices, for Muon. */
  isMatrix(name: string): boolean;
  /** The same model with other parameters. */
  withParams(params: Params): TrainableWorldModel;
  /** What the next clip of each of a rollout's videos is conditioned on. */
  conditions(rollout: Rollout, actions: readonly ArrayLike<number>[]): Conditioning[];
  /** @param points whose videos have equally many clips; the caller disposes the batch with `disposeBatch` */
  batch(points: readonly TrainingPoint[]): TrainingBatch;
  /** Clean clips like `xt`, [R, n, c]. */
  targets(clips: readonly Clip[]): tf.Tensor;
  /** Predicted velocities eps - x0, [R, n, c]: a differentiable function of the parameters. */
  velocity(params: Params, batch: TrainingBatch): tf.Tensor;
}
