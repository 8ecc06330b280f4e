/** `npm run bench`: training and sampling speed beside PyTorch on this machine, also to data/results/bench.json. */
import { cpus } from "node:os";
import { z } from "zod";
import { type BenchResult, runBench } from "../experiments/bench/bench.ts";
import { ratioTable } from "../experiments/bench/report.ts";
import { CLIPS, VIDEOS } from "../experiments/bench/work.ts";
import { BASE_MODEL } from "../model/legacy/config.ts";
import { SAMPLER_DEFAULTS } from "../model/legacy/sampler.ts";
import { PRETRAINING } from "../training/pretraining/train.ts";
import { currentCommit } from "../util/commit.ts";
import { writeJson } from "../util/files.ts";
import { fromRoot } from "../util/root.ts";
import { count, threads } from "../util/schema.ts";
import { runCommand } from "./command.ts";

const RESULTS = "data/results/bench.json";

function record({ threads, versions, ...result }: BenchResult): void {
  const machine = {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    threads,
    platform: `${process.platform}-${process.arch}`,
    versions: { node: process.version, ...versions },
  };
  const work = {
    model: BASE_MODEL,
    batch: PRETRAINING.batch,
    videos: VIDEOS,
    clips: CLIPS,
    samplerSteps: SAMPLER_DEFAULTS.steps,
  };
  writeJson(fromRoot(RESULTS), {
    commit: currentCommit(),
    created: new Date().toISOString(),
    machine,
    work,
    ...result,
  });
}

const options = z.strictObject({
  steps: count().default(16).describe("Training steps that are timed."),
  threads: threads(),
});
const about = "Measures training and sampling speed beside PyTorch on this machine.";

await runCommand({ name: "bench", about, options }, async ({ steps, threads: most }) => {
  const result = await runBench({ steps, threads: most ?? 0, log: console.log });
  const { ours, torch } = result.gflops;
  for (const line of ratioTable(result.rows)) console.log(line);
  console.log(`ceiling: float32 matrix product, ${ours.toFixed(0)} GFLOP/s here, ${torch.toFixed(0)} in PyTorch`);
  console.log(`medians of ${result.threads} threads, taken in turns with PyTorch ${result.versions.torch}; ${RESULTS}`);
  record(result);
});
