/** `npm run bench:engine`: what jobs cost on local workers and on Ray, and an iteration on many; also to data/results/engine.json. */
import { cpus, loadavg } from "node:os";
import { z } from "zod";
import { type EngineRow, iterationCost, measureEngine } from "../experiments/bench/engine.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { localEngine } from "../runtime/engine/local.ts";
import { rayEngine } from "../runtime/engine/ray/ray.ts";
import { currentCommit } from "../util/commit.ts";
import { writeJson } from "../util/files.ts";
import { fromRoot } from "../util/root.ts";
import { count, text, whole } from "../util/schema.ts";
import { runCommand } from "./command.ts";

const RESULTS = "data/results/engine.json";

const options = z.strictObject({
  engines: z
    .array(z.enum(["local", "ray"]))
    .min(1)
    .default(["local", "ray"]),
  address: text().optional().describe("Of a Ray cluster; without it this machine's, or a new one."),
  workers: z.array(count(4096)).min(1).default([1, 2, 4, 8]).describe("Numbers of workers."),
  jobs: count(10_000).default(8).describe("Prompts that are rolled out and timed."),
  branches: count(1000).default(16),
  depth: whole().max(1000).default(1).describe("Clips before the candidates."),
  prompts: count().default(512).describe("Of the iteration that is reckoned."),
  on: z.array(count()).min(1).default([8, 64, 512]).describe("Workers that it is reckoned for."),
});
const about = "Measures jobs on local workers and on Ray, and reckons what an iteration of many prompts costs.";

const shown = (row: EngineRow): string =>
  [
    `${row.engine}, ${row.workers} workers: up after ${row.startSeconds.toFixed(1)} s`,
    `an empty job ${row.emptyJobMs.toFixed(1)} ms`,
    `a prompt ${row.jobSeconds.toFixed(2)} s (${row.jobCpuSeconds.toFixed(2)} s of processor)`,
    `${(row.sent / 1e3).toFixed(0)} kB sent, ${(row.received / 1e6).toFixed(2)} MB received`,
  ].join(", ");

await runCommand(
  { name: "bench:engine", about, options },
  async ({ engines, workers, address, prompts, on, ...work }) => {
    await openBackend({ threads: 1 });
    const rows: EngineRow[] = [];
    for (const engine of engines)
      for (const many of workers) {
        const open = async () => (engine === "local" ? localEngine(many) : rayEngine({ workers: many, address }));
        rows.push(await measureEngine(engine, many, open, work));
        console.log(shown(rows[rows.length - 1]));
      }
    const iterations = on.map((many) => iterationCost(rows[rows.length - 1], prompts, many));
    for (const { workers: many, rolloutSeconds, driverSeconds, driverBytes, weightBytes } of iterations)
      console.log(
        `${prompts} prompts x ${work.branches} branches on ${many} workers: rollouts ${rolloutSeconds.toFixed(0)} s, the driver ${driverSeconds.toFixed(0)} s meanwhile, ${(driverBytes / 1e9).toFixed(2)} GB through the driver, ${(weightBytes / 1e9).toFixed(2)} GB of weights`,
      );
    const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, load: loadavg(), node: process.version };
    const facts = { commit: currentCommit(), created: new Date().toISOString(), machine, work: { ...work, prompts } };
    writeJson(fromRoot(RESULTS), { ...facts, rows, iterations });
    console.log(`${RESULTS}: written`);
  },
);
