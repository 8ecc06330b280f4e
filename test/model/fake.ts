/**
 * A world model of a few lines behind the interfaces: a clip's latents are noise around one number a parameter, decoded as the
 * brightness of frames. What it is commanded is ignored.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../lib/model/nn/params.ts";
import { SAMPLER_DEFAULTS, sigmaSchedule } from "../../lib/model/sampler.ts";
import type { Clip, Rollout, Start, TrainableWorldModel } from "../../lib/model/worldModel.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { trajectoryOf } from "../../lib/world/motion.ts";

const NUMBERS = 8;
const FRAME = 80 * 48 * 3;
/** How widely samples scatter around the parameter. */
const SPREAD = 0.5;

const decode = (clips: readonly Clip[]): Uint8Array[] =>
  clips.map(({ latents }) => {
    const mean = latents.reduce((a, b) => a + b, 0) / latents.length;
    return new Uint8Array(16 * FRAME).fill(Math.max(0, Math.min(255, Math.round(128 + 60 * mean))));
  });

function rolloutOf(params: Params, starts: readonly Start[]): Rollout {
  const made: Clip[][] = starts.map(() => []);
  const commanded: number[][] = starts.map(() => []);
  const centre = params.centre.dataSync()[0];
  const rollout: Rollout = {
    count: starts.length,
    get length() {
      return made[0].length;
    },
    sample: async (_, candidates) =>
      candidates.map((own) =>
        own.map(({ rng }) => ({ latents: rng.normals(NUMBERS).map((x) => centre + SPREAD * x) })),
      ),
    append: async (actions, clips) => {
      for (const [i, clip] of clips.entries()) {
        made[i].push(clip);
        commanded[i].push(...Array.from(actions[i]));
      }
    },
    step: async (actions, rngs) => {
      const groups = await rollout.sample(
        actions,
        rngs.map((rng) => [{ rng }]),
      );
      const clips = groups.map(([clip]) => clip);
      await rollout.append(actions, clips);
      return clips;
    },
    clips: (i) => made[i],
    poses: (i) => trajectoryOf(starts[i].pose, commanded[i], courtyard.step),
    frames: (i) => Buffer.concat(decode(made[i])).subarray(3 * FRAME),
    dispose: () => {},
  };
  return rollout;
}

/** @param params one scalar named `centre` */
export const fakeModel = (params: Params): TrainableWorldModel => ({
  camera: courtyard.camera,
  step: courtyard.step,
  params,
  isMatrix: () => false,
  withParams: fakeModel,
  reset: async (starts) => rolloutOf(params, starts),
  decode,
  conditions: (rollout) => Array.from({ length: rollout.count }, () => ({ first: rollout.length === 0 })),
  targets: (clips) =>
    tf.tensor(
      clips.flatMap(({ latents }) => [...latents]),
      [clips.length, 4, NUMBERS / 4],
    ),
  batch: (points) => ({
    inputs: {},
    xt: tf.tensor(
      points.flatMap(({ clip, sigma, eps }) =>
        Array.from(clip.latents, (x, i) => (1 - sigma) * x + sigma * (eps as Float32Array)[i]),
      ),
      [points.length, 4, NUMBERS / 4],
    ),
    sigma: tf.tensor1d(points.map(({ sigma }) => sigma)),
    mask: tf.ones([1, 4, 1]),
  }),
  // x0 is believed to be the centre, whatever x_t says.
  velocity: (p, { xt, sigma }) => tf.div(tf.sub(xt, p.centre), tf.reshape(sigma, [-1, 1, 1])),
});

/** A level at which the sampler trains. */
export const SIGMAS: readonly number[] = sigmaSchedule(SAMPLER_DEFAULTS).slice(0, -1);
