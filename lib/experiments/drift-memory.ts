/**
 * Further training with rewards of drift and memory: each arm goes on from the main run of its seed, under random streams of
 * its own (`FURTHER_SEED`), and is measured beside the base model and beside that main run as it is.
 */
import { join } from "node:path";
import { driftRows, driftSets, evaluateDrift } from "../evaluation/drift.ts";
import { type DriftProfile, driftProfileOf } from "../evaluation/drift-memory-profile.ts";
import { type ReturnsOptions, returnsOfModel } from "../evaluation/returns.ts";
import { codecOf } from "../model/legacy/carried.ts";
import { type LoadedModel, loadModelParams } from "../model/legacy/publish.ts";
import { makeWorldModel } from "../model/legacy/rollout.ts";
import { disposeParams } from "../model/nn/params.ts";
import { POST_TRAINING } from "../training/posttraining/config.ts";
import { sourceHashes } from "../training/posttraining/open.ts";
import { fromRoot } from "../util/root.ts";
import type { Tree } from "../util/tree.ts";
import { folderOf, type Group, type Job } from "./arms.ts";
import { cached } from "./cached.ts";
import { DRIFT_SEEDS, type DriftSeedRow, recordDriftSeeds } from "./drift-record.ts";
import { checkMainRun, mainRun } from "./main-run.ts";
import { assertSameNetworks, BASE } from "./record.ts";
import type { Runner } from "./run.ts";
import { trainArm } from "./train.ts";

const GROUP: Group = "drift-memory";
/** The main run without further training. */
const PLAIN = "post-trained";

export interface DriftSeedProfile extends DriftProfile {
  /** Prompts on which arms are compared in pairs. */
  returns: ReturnsOptions;
}

export interface DriftRunner extends Omit<Runner, "profile"> {
  /** What is measured on. */
  drift: DriftSeedProfile;
}

/** A row but for the seed of its training. */
type Row = Omit<DriftSeedRow, "trainingSeed">;

/** The full horizons and prompts, one seed of the sampling noise: the spread is that of the training. */
export const driftSeedProfile = (): DriftSeedProfile => ({
  ...driftProfileOf("paper"),
  seeds: [0],
  returns: { routes: ["out-and-back", "look-away", "square"], perRoute: 4, clips: 16 },
});

/** Runs jobs of the group `drift-memory`: train, measure, record. What is done is not done again. */
export async function runDriftMemory(jobs: readonly Job[], runner: DriftRunner): Promise<DriftSeedRow[]> {
  const { sources, judges, results, runs } = runner;
  const checkpoints = { ...sourceHashes(sources), ...judges.hashes };
  const seeds = [...new Set(jobs.map(({ seed }) => seed))];
  // Before the long work: everything that it will need.
  assertSameNetworks({ name: DRIFT_SEEDS, results, checkpoints });
  for (const seed of seeds) checkMainRun(seed, runs, sources.model.sha256);
  const measure = makeDriftMeasure(runner);
  const all: DriftSeedRow[] = [];
  const record = (rows: readonly Row[], trainingSeed: number | null): void => {
    const stamped = rows.map((row) => ({ ...row, trainingSeed }));
    recordDriftSeeds(stamped, checkpoints, results);
    all.push(...stamped);
  };
  record(await asItIs(BASE, BASE, sources.model, measure, runner), null);
  for (const seed of seeds) {
    const start = loadModelParams(mainRun(seed, runs));
    record(await asItIs(PLAIN, `${PLAIN}-${seed}`, start, measure, runner), seed);
    for (const job of jobs.filter((other) => other.seed === seed)) {
      record(await furtherRows(job, start, measure, runner), seed);
    }
    disposeParams(start.params);
  }
  return all;
}

type Measure = ReturnType<typeof makeDriftMeasure>;

/** A function that measures weights; the prompts' true videos are rendered once, and only where they are needed. */
function makeDriftMeasure({ drift, judges }: DriftRunner) {
  let sets: ReturnType<typeof driftSets> | undefined;
  return (name: string, { params, shape }: Pick<LoadedModel, "params" | "shape">): Row[] => {
    sets ??= driftSets(drift);
    const model = makeWorldModel(params, shape, { compiled: true, codec: codecOf(judges.tokeniser) });
    const rows = driftRows([evaluateDrift({ name, model }, sets, drift, judges)], drift.horizons);
    const [seed] = drift.seeds;
    const returns = returnsOfModel(model, judges.tokeniser, drift.returns, { seed, batch: drift.batch });
    return rows.map((row) => ({ ...row, returns }));
  };
}

/** What makes measured rows those of a model; how many videos are made side by side does not. */
function identityOf(model: LoadedModel, { sources, judges, drift }: DriftRunner): Tree {
  const { horizons, combined, perRoute, routes, seeds, returns } = drift;
  const networks = sourceHashes({ ...sources, model });
  return { networks, judges: judges.hashes, drift: { horizons, combined, perRoute, routes, seeds, returns } };
}

/** Rows of a model that is not trained here. */
function asItIs(name: string, folder: string, model: LoadedModel, measure: Measure, runner: DriftRunner) {
  const dir = fromRoot(join(runner.runs, GROUP, folder));
  return cached(dir, { of: identityOf(model, runner) }, () => {
    runner.log(`${GROUP}: ${folder} is measured`);
    return measure(name, model);
  });
}

/** Rows of an arm that goes on from the main run. */
function furtherRows(job: Job, main: LoadedModel, measure: Measure, runner: DriftRunner): Promise<Row[]> {
  const { arm, seed, config } = job;
  const shape = arm.steadyPrior ? { ...main.shape, steadyPrior: true } : main.shape;
  const start = { ...main, shape };
  const dir = fromRoot(join(runner.runs, folderOf(job)));
  const of = { config, ...(arm.steadyPrior ? { shape } : {}), ...identityOf(start, runner) };
  return cached(dir, { of, presets: { config: POST_TRAINING } }, async () => {
    runner.log(`${GROUP}: ${arm.name}, seed ${seed}`);
    const { params } = await trainArm(job, dir, { ...runner, sources: { ...runner.sources, model: start } });
    const rows = measure(arm.name, { params, shape: start.shape });
    disposeParams(params);
    return rows;
  });
}
