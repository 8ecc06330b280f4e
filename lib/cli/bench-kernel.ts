/** `npm run bench:kernel`: the TypeScript kernels and ipykernel side by side, kept in data/results and drawn into docs/kernel.md. */
import { join } from "node:path";
import { z } from "zod";
import { behaviourTable, compareBehaviour } from "../notebook/bench/behaviour.ts";
import { runBench, timesTable } from "../notebook/bench/bench.ts";
import { measured, record } from "../notebook/bench/record.ts";
import { ensureKernelspecs } from "../runtime/setup/kernelspec.ts";
import { CACHE, ROOT } from "../runtime/setup/paths.ts";
import { ensurePython, pythonProgram } from "../runtime/setup/python.ts";
import { UserError } from "../util/errors.ts";
import { replaceSection } from "../util/marked.ts";
import { runCommand } from "./command.ts";

const DOCUMENT = join(ROOT, "docs", "kernel.md");
const TIMES = join(ROOT, "data", "results", "kernel-times.json");
const BEHAVIOUR = join(ROOT, "data", "results", "kernel-behaviour.json");

const options = z.strictObject({
  behaviour: z.boolean().default(false).describe("Show what each kernel does instead of how fast it is."),
  rows: z.string().default("").describe("With behaviour: show only rows whose name contains this, and keep none."),
});
const about = "Compares the TypeScript kernels and ipykernel, and draws the result into docs/kernel.md.";

await runCommand({ name: "bench:kernel", about, options }, async ({ behaviour, rows }) => {
  if (rows !== "" && !behaviour)
    throw new UserError("--rows goes with --behaviour", "add --behaviour, or leave it out");
  await ensurePython();
  await ensureKernelspecs();
  const places = { python: pythonProgram("python"), notebooks: join(ROOT, "notebooks"), scratch: join(CACHE, "bench") };
  const observed = behaviour ? compareBehaviour({ ...places, wanted: rows }, console.log) : [];
  if (rows !== "") {
    for (const line of behaviourTable(measured(observed))) console.log(line);
    return;
  }
  const table = behaviour
    ? behaviourTable(record(BEHAVIOUR, observed))
    : timesTable(record(TIMES, runBench(places, console.log)));
  for (const line of table) console.log(line);
  replaceSection(DOCUMENT, behaviour ? "kernel-behaviour" : "kernel-times", table);
});
