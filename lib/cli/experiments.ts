/** `npm run experiments`: trains, measures and records the arms of the ablation tables, one after the other. */
import { cpSync } from "node:fs";
import { DRIFT_MODELS } from "../evaluation/drift.ts";
import {
  defaultSeeds,
  driftSeedProfile,
  GROUPS,
  type Group,
  groupOf,
  type Job,
  jobsOf,
  profileOfGroup,
  RESULTS,
  type Runner,
  runDriftMemory,
  runGroup,
  trainedArms,
} from "../experiments/index.ts";
import { loadEstimator } from "../rewards/estimator/index.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { openSources } from "../training/posttraining/open.ts";
import { UserError } from "../util/errors.ts";
import { fromRoot } from "../util/root.ts";
import { parseOptions, runMain } from "./options.ts";

const DEFAULTS = {
  /** Groups, separated by commas; all when empty. */
  only: "",
  /** Arms, separated by commas; all of the group when empty. */
  arms: "",
  /** Seeds, separated by commas; each group's own when empty. */
  seeds: "",
  /** Iterations of post-training; 0: each group's own. */
  iterations: 0,
  /** Steps of the control; 0: as many target clips as the post-training's optimiser steps. */
  controlSteps: 0,
  base: "checkpoints/base",
  /** Folder of the runs. */
  runs: "runs/experiments",
  threads: 0,
  /** Ship the weights of seed 0 of the groups main, control and drift-memory. */
  publish: false,
};

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
    cpSync(fromRoot(dir), fromRoot(target), { recursive: true });
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

const listOf = (text: string): string[] => text.split(",").filter((part) => part !== "");

function seedsOf(text: string): number[] {
  const seeds = listOf(text).map(Number);
  if (seeds.every((seed) => Number.isInteger(seed) && seed >= 0)) return seeds;
  throw new UserError(`--seeds ${text}`, "give whole numbers separated by commas");
}

runMain(async () => {
  const { only, arms, seeds, iterations, controlSteps, base, runs, threads, publish } = parseOptions(DEFAULTS);
  const groups = only ? listOf(only).map(groupOf) : GROUPS;
  const wanted = listOf(arms);
  const backend = await openBackend({ threads: threads || undefined });
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
    const jobs = jobsOf(group, seeds ? seedsOf(seeds) : defaultSeeds(group), iterations);
    const chosen = jobs.filter(({ arm }) => wanted.length === 0 || wanted.includes(arm.name));
    if (chosen.length === 0) continue;
    await runJobs(group, chosen, runner);
    if (publish) ship(group, runs);
  }
});
