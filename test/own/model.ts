/** A world model of one's own in one file: a clip is eight numbers around one trained level, shown as a grey. */
import * as tf from "@tensorflow/tfjs-core";
import { type Clip, type Rollout, type Start, type TrainableWorldModel, trajectoryOf, type World } from "worldcompass";

const NUMBERS = 8;
/** How widely samples scatter around the level. */
const SPREAD = 0.5;
const STILL_COPIES = 3;

const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;

/** @param params one scalar named `level` */
export function greyModel(
  world: World,
  params = { level: tf.scalar(0) } as TrainableWorldModel["params"],
): TrainableWorldModel {
  const { camera, step } = world;
  const bytes = 3 * camera.width * camera.height;
  const decode = (clips: readonly Clip[]): Uint8Array[] =>
    clips.map(({ latents }) => new Uint8Array(16 * bytes).fill(Math.max(0, Math.min(255, 128 + 60 * mean(latents)))));
  const reset = async (starts: readonly Start[]): Promise<Rollout> => {
    const made: Clip[][] = starts.map(() => []);
    const commanded: number[][] = starts.map(() => []);
    const level = params.level.dataSync()[0];
    const sample: Rollout["sample"] = async (_, candidates) =>
      candidates.map((own) => own.map(({ rng }) => ({ latents: rng.normals(NUMBERS).map((x) => level + SPREAD * x) })));
    const append: Rollout["append"] = async (actions, clips) => {
      for (const [i, clip] of clips.entries()) {
        made[i].push(clip);
        commanded[i].push(...Array.from(actions[i]));
      }
    };
    return {
      count: starts.length,
      get length() {
        return made[0].length;
      },
      sample,
      append,
      step: async (actions, rngs) => {
        const clips = (
          await sample(
            actions,
            rngs.map((rng) => [{ rng }]),
          )
        ).map(([clip]) => clip);
        await append(actions, clips);
        return clips;
      },
      clips: (i) => made[i],
      poses: (i) => trajectoryOf(starts[i].pose, commanded[i], step, starts[i].scale),
      frames: (i) => Buffer.concat(decode(made[i])).subarray(STILL_COPIES * bytes),
      dispose: () => {},
    };
  };
  return {
    camera,
    step,
    params,
    reset,
    decode,
    isMatrix: () => false,
    withParams: (other) => greyModel(world, other),
    conditions: ({ count, length }) => Array.from({ length: count }, () => ({ first: length === 0 })),
    targets: (clips) =>
      tf.tensor(
        clips.flatMap(({ latents }) => [...latents]),
        [clips.length, 4, NUMBERS / 4],
      ), // [R, 4, 2]
    batch: (points) => {
      const noisy = points.flatMap(({ clip, sigma, eps = clip.latents }) =>
        Array.from(clip.latents, (x, i) => (1 - sigma) * x + sigma * eps[i]),
      );
      return {
        inputs: {},
        xt: tf.tensor(noisy, [points.length, 4, NUMBERS / 4]), // [R, 4, 2]
        sigma: tf.tensor1d(points.map(({ sigma }) => sigma)), // [R]
        mask: tf.ones([1, 4, 1]),
      };
    },
    // x0 is believed to be the level, whatever x_t says.
    velocity: (p, { xt, sigma }) => tf.div(tf.sub(xt, p.level), tf.reshape(sigma, [-1, 1, 1])), // [R, 4, 2]
  };
}
