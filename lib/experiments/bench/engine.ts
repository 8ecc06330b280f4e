/**
 * What an engine costs: seconds of a job that does nothing, seconds and bytes of one that rolls a prompt out, and from these what an
 * iteration of many prompts costs on many workers.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DIT_DEFAULTS, type DitConfig } from "../../model/dit/config.ts";
import { ditCarrier } from "../../model/dit/portable.ts";
import { ditSpec } from "../../model/dit/spec.ts";
import { makeTrainableDit } from "../../model/dit/trainable.ts";
import { initParams } from "../../model/nn/params.ts";
import { publish } from "../../model/nn/published.ts";
import { TOKENISER } from "../../model/tokeniser/config.ts";
import { linearSpec, tokeniserSpec } from "../../model/tokeniser/network.ts";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import { NO_EXPLORATION } from "../../rollout/explore.ts";
import { groupOf } from "../../rollout/group.ts";
import type { GroupJob } from "../../rollout/group-task.ts";
import { promptsOf } from "../../rollout/prompt.ts";
import type { Engine } from "../../runtime/engine/engine.ts";
import { courtyard } from "../../world/courtyard/courtyard.ts";
import type { BenchAnswer, BenchJob } from "./engine-task.ts";

const TASK = "lib/experiments/bench/engine-task.ts";
const EMPTY_JOBS = 64;

export interface EngineRow {
  readonly engine: string;
  readonly workers: number;
  /** Until the first answer of every worker asked for at once. */
  readonly startSeconds: number;
  readonly emptyJobMs: number;
  /** Of a prompt's rollouts: wall time over all jobs, and processor time of one. */
  readonly jobSeconds: number;
  readonly jobCpuSeconds: number;
  /** Of this process: to send a job, receive its answer and make its groups. */
  readonly driverSeconds: number;
  /** Bytes. */
  readonly weights: number;
  readonly sent: number;
  readonly received: number;
}

export interface EngineWork {
  readonly jobs: number;
  readonly branches: number;
  /** Clips before the candidates. */
  readonly depth: number;
}

const seconds = (since: number): number => (performance.now() - since) / 1000;

/** Measures one engine. What networks compute costs the same with random weights. */
export async function measureEngine(name: string, workers: number, open: () => Promise<Engine>, work: EngineWork) {
  const dir = mkdtempSync(join(tmpdir(), "bench-engine-"));
  const began = performance.now();
  const engine = await open();
  try {
    await engine.run<BenchJob, BenchAnswer>(TASK, nothing(workers));
    const startSeconds = seconds(began);
    const empty = performance.now();
    await engine.run<BenchJob, BenchAnswer>(TASK, nothing(EMPTY_JOBS));
    const emptyJobMs = (1000 * seconds(empty)) / EMPTY_JOBS;
    const row: EngineRow = {
      engine: name,
      workers,
      startSeconds,
      emptyJobMs,
      ...(await rollOut(engine, workers, dir, work)),
    };
    return row;
  } finally {
    await engine.close();
    rmSync(dir, { recursive: true });
  }
}

const nothing = (count: number) => Array.from({ length: count }, () => ({ input: "nothing" as const }));

async function rollOut(engine: Engine, workers: number, dir: string, { jobs, branches, depth }: EngineWork) {
  const { carrier, policy } = randomModel(dir);
  const prompts = await promptsOf(courtyard, "rl", "basic", jobs + workers, depth + 1);
  const model = await carrier.pack(engine, policy.params);
  const inputs = prompts.map(({ start, actions }, first) => {
    const options = { branches, explore: NO_EXPLORATION, key: ["bench"], first };
    const input: GroupJob = { ...options, model, cues: [{ start, actions }], depth };
    return { input, stored: model.stored };
  });
  // Every worker loads the model.
  await engine.run<BenchJob, BenchAnswer>(TASK, inputs.slice(jobs));
  const [traffic, cpu, began] = [engine.traffic(), process.cpuUsage(), performance.now()];
  const answers = await engine.run<BenchJob, BenchAnswer>(TASK, inputs.slice(0, jobs));
  for (const [i, { branched }] of answers.entries()) groupOf(policy, prompts[i], branched[0]);
  const jobSeconds = seconds(began) / jobs;
  const { user, system } = process.cpuUsage(cpu);
  const { sent, received } = engine.traffic();
  return {
    jobSeconds,
    jobCpuSeconds: answers.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / jobs,
    driverSeconds: (user + system) / 1e6 / jobs,
    weights: Object.values(model.stored).reduce((sum, { bytes }) => sum + bytes, 0),
    sent: (sent - traffic.sent) / jobs,
    received: (received - traffic.received) / jobs,
  };
}

function randomModel(dir: string) {
  const channels = TOKENISER.latentChannels;
  const folder = join(dir, "tokeniser");
  const facts = { channelVariances: new Array(channels).fill(1), shape: { latentChannels: channels } };
  publish(folder, initParams({ ...linearSpec(channels), ...tokeniserSpec(channels) }, 1), facts, "# Random\n");
  const { camera, step } = courtyard;
  const config: DitConfig = {
    latent: { rows: TOKENISER.latentHeight, columns: TOKENISER.latentWidth, channels },
    camera,
    step,
    ...DIT_DEFAULTS,
  };
  const policy = makeTrainableDit(initParams(ditSpec(config), 1), config, loadTokeniser(folder));
  return { carrier: ditCarrier(folder, config), policy };
}

/** An iteration on workers of a processor each, eight to a node. */
export interface IterationCost {
  readonly workers: number;
  readonly rolloutSeconds: number;
  /** What one driver does meanwhile; the iteration takes the longer of the two. */
  readonly driverSeconds: number;
  /** Bytes through the driver, and to all nodes. */
  readonly driverBytes: number;
  readonly weightBytes: number;
}

const PER_NODE = 8;

/** @param prompts of an iteration, each a job like the measured ones */
export function iterationCost(
  { jobCpuSeconds, emptyJobMs, driverSeconds, ...row }: EngineRow,
  prompts: number,
  workers: number,
) {
  const cost: IterationCost = {
    workers,
    rolloutSeconds: Math.ceil(prompts / workers) * (jobCpuSeconds + emptyJobMs / 1000),
    driverSeconds: prompts * driverSeconds,
    driverBytes: prompts * (row.sent + row.received),
    weightBytes: Math.ceil(workers / PER_NODE) * row.weights,
  };
  return cost;
}
