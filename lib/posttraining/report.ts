/** What a run's record says about it. */
import { readFileSync } from "node:fs";
import type { ModelCard } from "../model/publish.ts";
import type { Metrics } from "../training/run.ts";
import { mean } from "../util/statistics.ts";
import type { Lab } from "./lab.ts";

/** The run's metrics by step; of a step that was run again after a kill the last line counts. */
export function readMetrics(path: string): (Metrics & { step: number })[] {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  const bySteps = new Map(lines.map((line) => JSON.parse(line) as Metrics & { step: number }).map((m) => [m.step, m]));
  return [...bySteps.values()].sort((a, b) => a.step - b.step);
}

/** Rewards at the beginning and at the end, over as many iterations as a round of the curriculum. */
export function postTrainingCard({ config, rewards }: Lab, metricsPath: string): ModelCard {
  const metrics = readMetrics(metricsPath);
  const average = (part: typeof metrics, key: string): string => mean(part.map((m) => m[key])).toFixed(3);
  const rows = rewards.map(({ reward: { name }, weight }) => {
    const [start, end] = [metrics.slice(0, config.horizon), metrics.slice(-config.horizon)];
    return `| ${name} | ${weight} | ${average(start, `charts/${name}`)} | ${average(end, `charts/${name}`)} |`;
  });
  const minutes = metrics.reduce((sum, m) => sum + m["charts/seconds"], 0) / 60;
  const body = `The base model after ${config.iterations} iterations of \`npm run train:post\` (seed ${config.seed}): ${config.prompts} prompts x ${config.branches} branches
of one clip, ${config.keep} best and ${config.keep} worst kept, ${config.optimiserSteps} optimiser steps, learning rate ${config.lr}, objective ${config.objective};
averaged weights (decay ${config.ema}). ${minutes.toFixed(0)} minutes. All options are in config.json.

Rewards of the acting policy on its own training prompts, mean over the first and the last ${config.horizon} iterations:

| reward | weight | at first | at last |
|---|---|---|---|
${rows.join("\n")}`;
  return { title: "Post-trained world model", body };
}
