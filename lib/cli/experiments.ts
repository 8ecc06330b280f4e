/** `npm run experiments`: trains, measures and records the arms of the ablation tables, one after the other. */
import { z } from "zod";
import { DRIFT_MODELS } from "../evaluation/drift.ts";
import {
  ARMS,
  defaultSeeds,
  driftSeedProfile,
  GROUPS,
  type Group,
  type Job,
  jobsOf,
  profileOfGroup,
  RESULTS,
  type Runner,
  runDriftMemory,
  runGroup,
  trainedArms,
} from "../experiments/index.ts";
import { shipCopy } from "../model/nn/published.ts";
import { loadEstimator } from "../rewards/estimator/index.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { openSources } from "../training/posttraining/open.ts";
import { advise } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import { count, text, threads, whole } from "../util/schema.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  only: z.array(z.enum(GROUPS)).min(1).optional().describe("Groups; all where not given."),
  arms: z.array(text()).min(1).optional().describe("Arms of these groups; all of them where not given."),
  seeds: z.array(whole()).min(1).optional().describe("Training seeds; each group's own where not given."),
  iterations: count().optional().describe("Iterations of post-training; each group's own where not given."),
  controlSteps: count()
    .optional()
    .describe("Steps of the control; as many target clips as the post-training's optimiser steps where not given."),
  base: text().default("checkpoints/base").describe("Folder of the model to start from."),
  runs: text().default("runs/experiments").describe("Folder of the runs."),
  threads: threads(),
  publish: z
    .boolean()
    .default(false)
    .describe("Ship the weights of seed 0 of the groups main, control and drift-memory."),
});
const about = "Trains, measures and records the arms of the ablation tables, one after the other.";

const SHIPPED: readonly Group[] = ["main", "control", "drift-memory"];

/** Of the models with further training those that are compared in a notebook are shipped. */
const folderOf = (group: Group, name: string): string | undefined =>
  group === "drift-memory" ? (DRIFT_MODELS as Record<string, string>)[name] : `checkpoints/${name}`;

/** Copies the shippable weights to checkpoints/. */
function ship(group: Group, runs: string): void {
  if (!SHIPPED.includes(group)) return;
  for (const { name, dir } of trainedArms(group, runs)) {
    const target = folderOf(group, name);
    if (!target) continue;
    shipCopy(dir, target);
    console.log(`${target}: written`);
  }
}

/** Runs jobs of one group, and says what came of them. */
async function runJobs(group: Group, jobs: readonly Job[], runner: Runner): Promise<void> {
  if (group === "drift-memory") {
    for (const row of await runDriftMemory(jobs, { ...runner, drift: driftSeedProfile() })) {
      const { model, trainingSeed, frames, segmentPsnrLoss: loss, revisitPsnr, combinedAccuracy } = row;
      const revisits = revisitPsnr === null ? "rejected" : `${revisitPsnr.toFixed(2)} dB`;
      const what = `${group} ${model} seed ${trainingSeed ?? "-"}, ${frames} frames`;
      console.log(
        `${what}: loss ${loss.toFixed(2)} dB, revisits ${revisits}, combined ${combinedAccuracy.toFixed(1)} %`,
      );
    }
    return;
  }
  for (const { arm, seed, basic, combined, minutes } of await runGroup(group, jobs, runner)) {
    console.log(`${group} ${arm} seed ${seed}: basic ${basic} %, combined ${combined} %, ${minutes} min`);
  }
}

/** @throws UserError where one of the arms is in none of the groups */
function checkArms(arms: readonly string[], groups: readonly Group[]): void {
  const known = ARMS.filter(({ group }) => groups.includes(group)).map(({ name }) => name);
  const stranger = arms.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new UserError(
      `there is no arm "${stranger}"`,
      advise(stranger, known, (name) => name),
    );
}

await runCommand({ name: "experiments", about, options }, async (asked) => {
  const { only: groups = GROUPS, arms, seeds, iterations = 0, controlSteps = 0, base, runs, threads: most } = asked;
  checkArms(arms ?? [], groups);
  const backend = await openBackend({ threads: most });
  const sources = openSources({ base });
  const estimator = loadEstimator("evaluation");
  const { tokeniser } = sources;
  const hashes = { "estimator-evaluation": estimator.sha256 };
  const { preference } = sources;
  const judges = { tokeniser, estimator, preference, evaluator: "evaluation", hashes };
  const runner = {
    sources,
    backend,
    judges,
    iterations,
    controlSteps,
    profile: profileOfGroup,
    runs,
    results: RESULTS,
    log: console.log,
  };
  for (const group of groups) {
    const jobs = jobsOf(group, seeds ?? defaultSeeds(group), iterations);
    const chosen = jobs.filter(({ arm }) => !arms || arms.includes(arm.name));
    if (chosen.length === 0) continue;
    await runJobs(group, chosen, runner);
    if (asked.publish) ship(group, runs);
  }
});
