/** A small transformer whose every part matters, and videos of a camera's true way with random contents. */
import * as tf from "@tensorflow/tfjs-core";
import { CLIP_LATENTS } from "../../../lib/model/clip.ts";
import { type CameraTrajectory, commandedTrajectory } from "../../../lib/model/context.ts";
import type { HostClip } from "../../../lib/model/dit/batch.ts";
import { CONTEXT_SIGMA, clipSize, type DitConfig, latentSize } from "../../../lib/model/dit/config.ts";
import { ditSpec } from "../../../lib/model/dit/spec.ts";
import { mapEntries, type Params } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { ACTIONS } from "../../../lib/world/actions.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";

export const SMALL: DitConfig = {
  latent: { rows: 6, columns: 10, channels: 4 },
  camera: courtyard.camera,
  step: courtyard.step,
  width: 64,
  depth: 2,
  expansion: 2,
  cellWidth: 16,
  cellDepth: 1,
};

/** Parameters none of which is zero. */
export const smallParams = (config = SMALL): Params =>
  mapEntries(ditSpec(config), ({ shape }, name) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const std = 1 / Math.sqrt(Math.max(1, size / (shape.at(-1) as number)));
    const centre = name.endsWith(".scale") ? 1 : 0;
    const values = Rng.of("parameter", name).normals(size);
    return tf.tensor(
      values.map((v) => centre + 0.7 * std * v),
      shape,
    );
  });

/** A suite's hooks: the backend, and a scope for the tensors of each test. @returns the parameters, there once tests run */
export function withSmallParams(): Params {
  const params: Params = {};
  before(async () => {
    await openBackend();
    Object.assign(params, smallParams());
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());
  return params;
}

/** What a video is made of: per clip the actions, the camera's way and random contents. */
export interface Video {
  actions: number[][];
  paths: CameraTrajectory[];
  latents: Float32Array[];
}

export const randomActions = (rng: Rng): number[] => Array.from({ length: CLIP_LATENTS }, () => rng.int(ACTIONS));

export function randomVideo(clips: number, ...key: (string | number)[]): Video {
  const rng = Rng.of("video", ...key);
  const actions = Array.from({ length: clips }, () => randomActions(rng));
  const paths: CameraTrajectory[] = [];
  for (const four of actions) {
    const start = paths.at(-1)?.[CLIP_LATENTS - 1].end ?? { x: 3, z: -5, yaw: 1, pitch: 0 };
    paths.push(commandedTrajectory(start, four, SMALL.step, { first: paths.length === 0 }));
  }
  return { actions, paths, latents: actions.map(() => rng.normals(clipSize(SMALL.latent))) };
}

/** Clip number `clip` as the network is given it. */
export const clipAt = (
  { latents, actions, paths }: Video,
  clip: number,
  time: number,
  sigma = CONTEXT_SIGMA,
): HostClip => ({
  latents: latents[clip],
  sigma: new Float32Array(CLIP_LATENTS).fill(sigma),
  actions: actions[clip],
  path: paths[clip],
  time,
});

/** A target: it also knows the last latent before it. */
export function targetAt(video: Video, clip: number, time: number, sigma: number): HostClip {
  const size = latentSize(SMALL.latent);
  const { latents } = video;
  const previous = clip === 0 ? latents[0].subarray(0, size) : latents[clip - 1].subarray(latents[0].length - size);
  return { ...clipAt(video, clip, time, sigma), previous };
}
