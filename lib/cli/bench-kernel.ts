/** `npm run bench:kernel`: the TypeScript kernels and ipykernel side by side, as Markdown tables. */
import { join } from "node:path";
import { compareBehaviour } from "../kernel/bench/behaviour.ts";
import { runBench } from "../kernel/bench/bench.ts";
import { ensureKernelspecs } from "../setup/kernelspec.ts";
import { CACHE, ROOT } from "../setup/paths.ts";
import { ensurePython, pythonProgram } from "../setup/python.ts";
import { parseOptions, runMain } from "./options.ts";

const DEFAULTS = {
  /** Show what each kernel does instead of how fast it is. */
  behaviour: false,
};

runMain(async () => {
  const { behaviour } = parseOptions(DEFAULTS);
  await ensurePython();
  await ensureKernelspecs();
  const places = { python: pythonProgram("python"), notebooks: join(ROOT, "notebooks"), scratch: join(CACHE, "bench") };
  if (behaviour) compareBehaviour(places, console.log);
  else runBench(places, console.log);
});
