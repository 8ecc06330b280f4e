/** The tensors of one optimiser step: noisy versions of the kept clips, and the contexts that they are seen in. */
import * as tf from "@tensorflow/tfjs-core";
import { addNoise, clipBatch, type HostClip } from "../../model/legacy/batch.ts";
import { type Codec, withCarried } from "../../model/legacy/carried.ts";
import { CLIP_SIZE } from "../../model/legacy/config.ts";
import type { ClipBatch } from "../../model/legacy/dit.ts";
import { latentSigmas, movingMask } from "../../model/legacy/first-latent.ts";
import { sigmaSchedule } from "../../model/legacy/sampler.ts";
import type { ObjectiveInputs, TransitionTensors } from "../../objective/index.ts";
import { lastClip, type RolloutTree } from "../../rollout/index.ts";
import { clipActions } from "../../rollout/prompts/index.ts";
import type { Step } from "../../rollout/sampler.ts";
import {
  type ContextTensors,
  conditionIn,
  contextTensors,
  picturesIn,
  type Situation,
  situationOf,
} from "../../rollout/situation.ts";
import { Rng } from "../../util/rng.ts";
import type { PostTrainConfig } from "./config.ts";
import type { Kept, KeptPair } from "./select.ts";

export interface UpdateBatch {
  contexts: ContextTensors[];
  /** The context of each row, int32 [R]. */
  rowOf: tf.Tensor;
  /** Noisy clips, [R, 60, ...]. */
  target: ClipBatch;
  points: Omit<ObjectiveInputs, "xt" | "vOld" | "vTheta" | "vReference">;
}

/** One clip at one noise level. */
interface Point {
  context: number;
  clip: HostClip;
  sigma: number;
  goal: Float32Array;
  optimality: number;
  transition?: Step;
}

/** Where a kept branch is trained: clip n of its video. */
interface Place {
  situation: Situation;
  tokens: Float32Array;
  actions: ArrayLike<number>;
}

function placeOf({ tree, branch }: Kept, n: number): Place {
  const actions = Array.from({ length: n + 1 }, (_, k) => clipActions(tree.prompt.actions, k));
  const { clips, ways } = tree.branches[branch];
  return {
    situation: situationOf(tree.start, actions, clips.slice(0, n), ways),
    tokens: clips[n],
    actions: actions[n],
  };
}

/** What the model is told and shown of a clip. */
function shownAt(situation: Situation, actions: ArrayLike<number>) {
  const condition = conditionIn(situation, actions);
  return { condition, ...picturesIn(situation, condition) };
}

/** Noise levels and noise of one branch; both branches of a pair get the same unless they are to be independent. */
function drawNoise(config: PostTrainConfig, rng: Rng): { sigma: number; eps: Float32Array }[] {
  const levels = sigmaSchedule(config.sampler).slice(0, -1);
  const drawn = rng.shuffled(levels).slice(0, config.objective.sigmas);
  return drawn.map((sigma) => ({ sigma, eps: rng.normals(CLIP_SIZE) }));
}

/** A first latent that is given stays as it is. */
function noisy({ tokens, situation }: Place, sigma: number, eps: Float32Array): Float32Array {
  const { first } = situation;
  const levels = latentSigmas(sigma, first);
  if (first) levels[0] = 0;
  return addNoise(tokens, eps, levels);
}

/** Points of a branch at fresh noise of its clean clip. */
function cleanPoints(place: Place, context: number, { optimality }: Kept, config: PostTrainConfig, rng: Rng): Point[] {
  const { situation, tokens, actions } = place;
  const shown = shownAt(situation, actions);
  return drawNoise(config, rng).map(({ sigma, eps }) => {
    const clip = { ...shown, tokens: noisy(place, sigma, eps), sigma: latentSigmas(sigma, situation.first) };
    return { context, clip, sigma, goal: tokens, optimality };
  });
}

/** Points of a branch at the sampler's own stochastic steps. */
function stepPoints(place: Place, context: number, kept: Kept, config: PostTrainConfig, rng: Rng): Point[] {
  const { situation, actions } = place;
  const shown = shownAt(situation, actions);
  const { steps } = kept.tree.branches[kept.branch];
  const drawn = rng.shuffled(steps).slice(0, config.objective.sigmas);
  return drawn.map((step) => {
    const clip = { ...shown, tokens: step.from, sigma: latentSigmas(step.sigma, situation.first) };
    return { context, clip, sigma: step.sigma, goal: step.to, optimality: kept.optimality, transition: step };
  });
}

/**
 * @param pairs of one optimiser step
 * @param transitions train on the sampler's steps instead of fresh noise
 * @param key names the random stream
 * @param codec for models that carry pictures along
 * @returns tensors that the caller disposes with `disposeBatch`
 */
export function updateBatch(
  pairs: readonly KeptPair[],
  transitions: boolean,
  config: PostTrainConfig,
  key: readonly (string | number)[],
  codec?: Codec,
): UpdateBatch {
  const { root } = pairs[0][0].tree;
  const n = root + Rng.of(...key, "clip").int(1 + lastClip(pairs[0][0].tree) - root);
  const contexts = new Map<RolloutTree | Kept, number>();
  const situations: Situation[] = [];
  const pointsOf = transitions ? stepPoints : cleanPoints;
  const points = pairs.flatMap((pair, p) =>
    pair.flatMap((kept, side) => {
      const place = placeOf(kept, n);
      const shared = n === root && config.rollout.unit === "clip" ? kept.tree : kept;
      if (!contexts.has(shared)) contexts.set(shared, situations.push(place.situation) - 1);
      const rng = Rng.of(...key, "noise", p, config.objective.independentNoise ? side : 0);
      return pointsOf(place, contexts.get(shared) as number, kept, config, rng);
    }),
  );
  return toTensors(points, situations, codec);
}

function toTensors(points: readonly Point[], situations: readonly Situation[], codec?: Codec): UpdateBatch {
  const numbers = (value: (point: Point) => number): tf.Tensor => tf.tensor1d(points.map(value), "float32");
  const clips = points.map(({ clip }) => clip);
  const target = clipBatch(codec ? withCarried(clips, codec) : clips, 1);
  const goal = new Float32Array(points.length * CLIP_SIZE);
  points.forEach((point, i) => {
    goal.set(point.goal, i * CLIP_SIZE);
  });
  return {
    contexts: contextTensors(situations),
    rowOf: tf.tensor1d(
      points.map(({ context }) => context),
      "int32",
    ),
    target,
    points: {
      sigma: numbers(({ sigma }) => sigma),
      goal: tf.tensor(goal, target.tokens.shape),
      optimality: numbers(({ optimality }) => optimality),
      mask: movingMask(situations[0].first),
      ...(points[0].transition ? { transition: transitionTensors(points.map((p) => p.transition as Step)) } : {}),
    },
  };
}

const transitionTensors = (steps: readonly Step[]): TransitionTensors => ({
  fromX: tf.tensor1d(steps.map(({ fromX }) => fromX)),
  fromV: tf.tensor1d(steps.map(({ fromV }) => fromV)),
  std: tf.tensor1d(steps.map(({ std }) => std)),
});

export function disposeBatch({ contexts, rowOf, target, points }: UpdateBatch): void {
  const { transition, ...rest } = points;
  tf.dispose([rowOf, Object.values(target), Object.values(rest), transition ? Object.values(transition) : []]);
  tf.dispose(contexts.flatMap(({ clips, angles }) => [angles, ...Object.values(clips)]));
}
