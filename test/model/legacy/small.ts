/** A small world model whose every part matters, and clips of a camera's true way with random contents. */
import * as tf from "@tensorflow/tfjs-core";
import type { HostClip } from "../../../lib/model/legacy/batch.ts";
import type { Codec } from "../../../lib/model/legacy/carried.ts";
import { clipCondition, commandedPath, type LatentPath } from "../../../lib/model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE, CONTEXT_SIGMA, type ModelConfig } from "../../../lib/model/legacy/config.ts";
import { looksAt, recall, rememberable, type Slot } from "../../../lib/model/legacy/memory.ts";
import { possiblePaths } from "../../../lib/model/legacy/motions.ts";
import { modelSpec } from "../../../lib/model/legacy/spec.ts";
import type { Start } from "../../../lib/model/legacy/worldModel.ts";
import { mapEntries, type Params } from "../../../lib/model/nn/params.ts";
import { FOLDED_CHANNELS, FOLDED_HEIGHT, FOLDED_WIDTH } from "../../../lib/model/tokeniser/config.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { ACTIONS, FRAME_BYTES } from "../../../lib/world/index.ts";
import { uniforms } from "../../golden/golden.ts";

export const SMALL: ModelConfig = {
  width: 64,
  depth: 2,
  headWidth: 32,
  expansion: 2,
  detailWidth: 32,
  detailDepth: 1,
  carried: false,
};

/** The same with carried pictures. */
export const CARRYING: ModelConfig = { ...SMALL, carried: true };

/** The parameters of test/golden/golden_model.py: nothing is zero. */
export const smallParams = (config = SMALL): Params =>
  mapEntries(modelSpec(config), ({ shape }, name) => {
    const size = shape.length === 1 ? 0.3 : Math.sqrt(1 / shape[0]);
    const values = uniforms(
      shape.reduce((a, b) => a * b, 1),
      -size,
      size,
      "parameter",
      name,
    );
    const centre = name.endsWith(".scale") ? 1 : 0;
    return tf.tensor(
      values.map((v) => v + centre),
      shape,
    );
  });

/** A suite's hooks: the backend, and a scope for the tensors of each test. @returns the parameters, there once tests run */
export function withSmallParams(config = SMALL): Params {
  const params: Params = {};
  before(async () => {
    await openBackend();
    Object.assign(params, smallParams(config));
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());
  return params;
}

/** What a video is made of: per clip the actions, the camera's way and random contents. */
export interface Video {
  actions: number[][];
  paths: LatentPath[][];
  tokens: Float32Array[];
}

export const randomActions = (rng: Rng): number[] => Array.from({ length: CLIP_LATENTS }, () => rng.int(ACTIONS));

export function randomVideo(clips: number, ...key: (string | number)[]): Video {
  const rng = Rng.of("video", ...key);
  const actions = Array.from({ length: clips }, () => randomActions(rng));
  const paths: LatentPath[][] = [];
  for (const four of actions) {
    const start = paths.at(-1)?.[CLIP_LATENTS - 1].end ?? { x: 3, z: -5, yaw: 1, pitch: 0 };
    paths.push(commandedPath(start, four, paths.length === 0));
  }
  return { actions, paths, tokens: actions.map(() => rng.normals(CLIP_SIZE)) };
}

/** Clip number `clip` as the network is given it. */
export function clipAt(video: Video, clip: number, time: number, sigma = CONTEXT_SIGMA): HostClip {
  const condition = clipCondition(video.paths[clip], video.actions[clip], time);
  return { tokens: video.tokens[clip], sigma: new Float32Array(CLIP_LATENTS).fill(sigma), condition };
}

/** A target: it also knows the last latent before it, and remembers one of those in `slots`. */
export function targetAt(video: Video, clip: number, time: number, sigma: number, slots: Slot[] = []): HostClip {
  const latent = CLIP_SIZE / CLIP_LATENTS;
  const last = clip === 0 ? video.tokens[0].subarray(0, latent) : video.tokens[clip - 1].subarray(CLIP_SIZE - latent);
  const possible = possiblePaths(video.paths[clip][0].start, video.actions[clip], clip === 0);
  const own = {
    ...clipAt(video, clip, time, sigma),
    condition: clipCondition(possible[0], video.actions[clip], time, possible),
  };
  const candidates = rememberable({ slots }, video.paths, (n) => video.tokens[n]);
  const goal = own.condition.cameras[CLIP_LATENTS];
  const looks =
    clip === 0
      ? [{ tokens: last, pose: possible[0][0].start }]
      : looksAt({ slots }, video.paths, (n) => video.tokens[n], goal);
  return { ...own, previous: last, remembered: recall(goal, candidates), looks };
}

/** Stands for a tokeniser: pictures in which every number of the latent shows, and latents in which every pixel does. */
export const codecOfTests: Codec = {
  sights: (looks) =>
    looks.map(({ tokens, pose }) => {
      const picture = Uint8Array.from(
        { length: FRAME_BYTES },
        (_, i) => 128 + 90 * Math.tanh(tokens[i % tokens.length]),
      );
      // A solid wherever it is bright.
      const depths = Float32Array.from({ length: FRAME_BYTES / 3 }, (_, i) => (picture[3 * i] > 200 ? 2 : Infinity));
      return { picture, pose, depths };
    }),
  project: (groups) => {
    const latents = new Float32Array((groups.length * (CLIP_SIZE / CLIP_LATENTS)) / GROUP_SIZE);
    for (let i = 0; i < groups.length; i++) {
      const latent = Math.floor(i / GROUP_SIZE) * (CLIP_SIZE / CLIP_LATENTS);
      latents[latent + ((i % GROUP_SIZE) % (CLIP_SIZE / CLIP_LATENTS))] += groups[i] / 4;
    }
    return latents;
  },
  // Of noise, in which nothing repeats, it would take most of the time.
  continued: false,
};
const GROUP_SIZE = FOLDED_HEIGHT * FOLDED_WIDTH * FOLDED_CHANNELS;

export const randomStart = (...key: (string | number)[]): Start => {
  const rng = Rng.of("start", ...key);
  const pose = { x: rng.uniform(-9, 9), z: rng.uniform(-9, 9), yaw: rng.uniform(-3, 3), pitch: rng.uniform(-0.2, 0.2) };
  return { latent: rng.normals(CLIP_SIZE / CLIP_LATENTS), pose };
};
