/** `npm run bench:kernel`: the TypeScript kernels and ipykernel side by side, as a Markdown table. */
import { join } from "node:path";
import { runBench } from "../kernel/bench/bench.ts";
import { ensureKernelspecs } from "../setup/kernelspec.ts";
import { CACHE, ROOT } from "../setup/paths.ts";
import { ensurePython, pythonProgram } from "../setup/python.ts";
import { runMain } from "./options.ts";

runMain(async () => {
  await ensurePython();
  await ensureKernelspecs();
  const notebooks = join(ROOT, "notebooks");
  runBench({ python: pythonProgram("python"), notebooks, scratch: join(CACHE, "bench") }, console.log);
});
