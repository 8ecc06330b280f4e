/** What a run writes down of every iteration. */
import * as tf from "@tensorflow/tfjs-core";
import { mapEntries, type Params } from "../../model/nn/params.ts";
import type { Weighted } from "../../rewards/index.ts";
import { lastClip, type RolloutTree, type ScoredTree } from "../../rollout/index.ts";
import { deviation, mean } from "../../util/statistics.ts";
import { globalNorm } from "../optimiser/optimiser.ts";
import type { Metrics } from "../run.ts";

/** Seconds of named parts. */
export class Stopwatch {
  private readonly seconds: Metrics = {};

  time<T>(name: string, part: () => T): T {
    const start = performance.now();
    const result = part();
    this.seconds[`charts/seconds-${name}`] = (performance.now() - start) / 1000;
    return result;
  }

  metrics(): Metrics {
    const total = Object.values(this.seconds).reduce((a, b) => a + b, 0);
    return { ...this.seconds, "charts/seconds": total };
  }
}

/** Standard deviation over a tree's branches of the last clip's numbers, root mean square. */
export function latentSpread({ branches }: RolloutTree): number {
  const clips = branches.map((branch) => branch.clips[branch.clips.length - 1]);
  let sum = 0;
  for (let k = 0; k < clips[0].length; k++) {
    let [total, squares] = [0, 0];
    for (const clip of clips) {
      total += clip[k];
      squares += clip[k] ** 2;
    }
    sum += squares / clips.length - (total / clips.length) ** 2;
  }
  return Math.sqrt(Math.max(0, sum) / clips[0].length);
}

/** |a - b| / |b| over all parameters. */
export const distanceBetween = (a: Params, b: Params): number =>
  tf.tidy(() => {
    const apart = mapEntries(b, (t, name) => tf.sub(a[name], t));
    return tf.div(globalNorm(apart), globalNorm(b)).dataSync()[0];
  });

/** Mean of each reward, its standard deviation within groups, the best branch's lead over the group's mean. */
export function rewardMetrics(trees: readonly ScoredTree[], rewards: readonly Weighted[]): Metrics {
  const metrics: Metrics = {
    "charts/targetClip": lastClip(trees[0].tree),
    "charts/clipGenerations": trees.reduce((n, { tree }) => n + tree.generations, 0),
    "charts/latentSpread": mean(trees.map(({ tree }) => latentSpread(tree))),
  };
  rewards.forEach(({ reward: { name } }, k) => {
    const groups = trees.map((tree) => tree.rewards[k]);
    metrics[`charts/${name}`] = mean(groups.map(mean));
    metrics[`charts/${name}-spread`] = mean(groups.map(deviation));
    metrics[`charts/${name}-lead`] = mean(groups.map((group) => Math.max(...group) - mean(group)));
  });
  return metrics;
}
