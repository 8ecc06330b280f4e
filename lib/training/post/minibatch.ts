/** Kept candidates as one optimiser step's tensors: each at a few noise levels, under what it was sampled with. */
import * as tf from "@tensorflow/tfjs-core";
import type { DitConfig } from "../../model/dit/config.ts";
import { SAMPLER_DEFAULTS, sigmaSchedule } from "../../model/sampler.ts";
import type { TrainableWorldModel, TrainingBatch, TrainingPoint } from "../../model/worldModel.ts";
import { Rng } from "../../util/rng.ts";
import { NOISE_DEFAULTS } from "../base/config.ts";
import type { Corpus } from "../base/corpus.ts";
import { disposeWindows, windowBatch } from "../base/loss.ts";
import { drawWindow } from "../base/window.ts";
import type { PostConfig } from "./config.ts";
import type { SelectedPair } from "./select.ts";
import type { Minibatch } from "./update.ts";

/** Real data, and the network that reads it. */
export interface Anchor {
  readonly corpus: Corpus;
  readonly model: DitConfig;
}

interface Source {
  readonly base: TrainableWorldModel;
  readonly config: PostConfig;
  readonly anchor?: Anchor;
}

/** Noise levels and noise of one candidate. */
function drawNoise({ update }: PostConfig, numbers: number, rng: Rng): { sigma: number; eps: Float32Array }[] {
  const levels = sigmaSchedule(SAMPLER_DEFAULTS).slice(0, -1);
  return rng
    .shuffled(levels)
    .slice(0, update.sigmas)
    .map((sigma) => ({ sigma, eps: rng.normals(numbers) }));
}

/** @param key names the random streams */
export function minibatchOf(run: Source, pairs: readonly SelectedPair[], key: readonly (string | number)[]): Minibatch {
  const { base, config, anchor } = run;
  const points: TrainingPoint[] = [];
  const optimalities: number[] = [];
  for (const [p, pair] of pairs.entries())
    for (const [side, { group, candidate, optimality }] of pair.entries()) {
      const clip = group.candidates[candidate];
      // The two clips of a pair share levels and noise, so that what differs is the clips.
      const rng = Rng.of(...key, "noise", p, config.update.independentNoise ? side : 0);
      for (const noise of drawNoise(config, clip.latents.length, rng)) {
        points.push({ conditioning: group.conditioning, clip, ...noise });
        optimalities.push(optimality);
      }
    }
  const rng = Rng.of(...key, "anchor");
  const windows = (weight: number) =>
    anchor && weight > 0
      ? [
          windowBatch(
            Array.from({ length: config.update.anchorWindows }, () => drawWindow(anchor.corpus, NOISE_DEFAULTS, rng)),
            anchor.model,
          ),
        ]
      : [];
  return {
    batch: base.batch(points),
    target: base.targets(points.map(({ clip }) => clip)),
    optimality: tf.tensor1d(optimalities),
    anchor: windows(config.update.anchor),
  };
}

export function disposeMinibatch({ batch, target, optimality, anchor }: Minibatch): void {
  disposeBatch(batch);
  tf.dispose([target, optimality]);
  anchor.forEach(disposeWindows);
}

export const disposeBatch = ({ inputs, ...rest }: TrainingBatch): void =>
  tf.dispose([inputs as tf.TensorContainer, Object.values(rest)]);
