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
  const metrics = readMetrics(dir).filter(({ step }) => step > 0);
  const average = (part: typeof metrics, key: string): string => mean(part.map((m) => m[key])).toFixed(3);
  const rows = rewards.map(({ reward: { name }, weight }) => {
    const [start, end] = [metrics.slice(0, config.horizon), metrics.slice(-config.horizon)];
    return `| ${name} | ${weight} | ${average(start, `charts/${name}`)} | ${average(end, `charts/${name}`)} |`;
  });
  const minutes = metrics.reduce((sum, m) => sum + m["charts/seconds"], 0) / 60;
  const body = `The ${start} model after ${config.iterations} iterations of \`npm run train:post\` (seed ${config.seed}): ${config.prompts} prompts x ${config.branches} branches
of one clip, ${config.keep} best and ${config.keep} worst kept, ${config.optimiserSteps} optimiser steps, learning rate ${config.lr}, objective ${config.objective};
averaged weights (decay ${config.ema}). ${minutes.toFixed(0)} minutes. All options are in config.json.

Rewards of the acting policy on its own training prompts, mean over the first and the last ${config.horizon} iterations:

| reward | weight | at first | at last |
|---|---|---|---|
${rows.join("\n")}`;
  return { title: "Post-trained world model", body };
}
