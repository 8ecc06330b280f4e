/** What a run's record says about it. */
import type { ModelCard } from "../../model/legacy/publish.ts";
import { mean } from "../../util/statistics.ts";
import { readMetrics } from "../run.ts";
import type { Lab } from "./lab.ts";

/**
 * Rewards at the beginning and at the end, over as many iterations as a round of the curriculum.
 * @param start what was trained
 */
export function postTrainingCard({ config, rewards }: Lab, dir: string, start = "base"): ModelCard {
  const { horizon, prompts, branches, keep } = config.rollout;
  const metrics = readMetrics(dir).filter(({ step }) => step > 0);
  const average = (part: typeof metrics, key: string): string => mean(part.map((m) => m[key])).toFixed(3);
  const rows = rewards.map(({ reward: { name }, weight }) => {
    const [start, end] = [metrics.slice(0, horizon), metrics.slice(-horizon)];
    return `| ${name} | ${weight} | ${average(start, `charts/${name}`)} | ${average(end, `charts/${name}`)} |`;
  });
  const minutes = metrics.reduce((sum, m) => sum + m["charts/seconds"], 0) / 60;
  const body = `The ${start} model after ${config.iterations} iterations of \`npm run train:post\` (seed ${config.seed}): ${prompts} prompts x ${branches} branches
of one clip, ${keep} best and ${keep} worst kept, ${config.optimiser.steps} optimiser steps, learning rate ${config.optimiser.lr}, objective ${config.objective.name};
averaged weights (decay ${config.averages.ema}). ${minutes.toFixed(0)} minutes. All options are in config.json.

Rewards of the acting policy on its own training prompts, mean over the first and the last ${horizon} iterations:

| reward | weight | at first | at last |
|---|---|---|---|
${rows.join("\n")}`;
  return { title: "Post-trained world model", body };
}
