/** `npm run lab`: JupyterLab with the project's kernels, in the project's folder. Arguments after `--` are passed on. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import { ensureKernelspecs } from "../runtime/setup/kernelspec.ts";
import { CACHE, ROOT } from "../runtime/setup/paths.ts";
import { declareCommonJs, privateJupyter } from "../runtime/setup/private-jupyter.ts";
import { ensurePython, pythonProgram } from "../runtime/setup/python.ts";
import { runCommand } from "./command.ts";

const spec = {
  name: "lab",
  about: "Opens JupyterLab with the project's kernels, in the project's folder.",
  options: z.strictObject({}),
  passesTo: "jupyter lab",
};

await runCommand(spec, async (_, passed) => {
  await ensurePython();
  await ensureKernelspecs();
  declareCommonJs(CACHE);
  const args = ["lab", `--ServerApp.root_dir=${ROOT}`, ...passed];
  const env = { ...process.env, ...privateJupyter(join(CACHE, "jupyter")) };
  const lab = spawn(pythonProgram("jupyter"), args, { cwd: ROOT, env, stdio: "inherit" });
  // Ctrl-C reaches JupyterLab as well, which asks whether to stop; this process waits for its answer.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => lab.kill());
  const [code] = await once(lab, "exit");
  process.exitCode = code ?? 1;
});
