/** `npm run notebooks`: executes the ordered notebooks headlessly. */
import { join, resolve } from "node:path";
import { z } from "zod";
import type { Parameters } from "../notebook/parameters.ts";
import { runNotebook } from "../notebook/run.ts";
import { selectNotebooks } from "../notebook/select.ts";
import { ensureKernelspecs } from "../runtime/setup/kernelspec.ts";
import { CACHE, ROOT } from "../runtime/setup/paths.ts";
import { ensurePython, pythonProgram } from "../runtime/setup/python.ts";
import { UserError } from "../util/errors.ts";
import { positive, text } from "../util/schema.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  folder: text().default("notebooks").describe("Where the notebooks are, from the project's folder."),
  only: z.array(text()).default([]).describe("Starts of the file names to run; all when empty."),
  profile: text().optional().describe("Sets the parameter of this name in every notebook that has one."),
  set: z.array(text()).default([]).describe("More parameters, for example seed=3,name=trial."),
  kernel: text().default("worldcompass-typescript"),
  timeout: positive().default(3600).describe("Seconds that a cell may take."),
  write: z.boolean().default(false).describe("Put the executed notebooks in the place of the originals."),
});
const about = "Executes the ordered notebooks headlessly.";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const LIKE_A_NUMBER = /^[+-]?[\d.]+(?:e[+-]?\d+)?$/i;

function settingOf(name: string, value: string): string | number | boolean {
  if (value === "true" || value === "false") return value === "true";
  const number = NUMBER.test(value) ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return number;
  if (LIKE_A_NUMBER.test(value))
    throw new UserError(`${name}=${value} is not written as a number is`, "write it as in 7, -0.5 or 1e-3");
  return value;
}

/** `a=1` and `b=x` as a record; numbers and true or false become values of their type. */
function parseSettings(pairs: readonly string[]): Parameters {
  const settings = pairs.map((pair) => {
    const [, name, value] = /^([A-Za-z_$][\w$]*)=(.*)$/.exec(pair) ?? [];
    if (name === undefined) throw new UserError(`"${pair}" sets nothing`, "write it as name=value");
    return [name, settingOf(name, value)] as const;
  });
  return Object.fromEntries(settings);
}

await runCommand({ name: "notebooks", about, options }, async (asked) => {
  const { folder, only, profile, set, kernel, timeout, write } = asked;
  const parameters = parseSettings(set);
  const paths = selectNotebooks(resolve(ROOT, folder), only);
  await ensurePython();
  await ensureKernelspecs();
  const failed: string[] = [];
  for (const path of paths) {
    const failure = await runNotebook(path, {
      python: pythonProgram("python"),
      kernel,
      seconds: timeout,
      shared: profile === undefined ? {} : { profile },
      parameters,
      output: join(CACHE, "notebooks"),
      write,
      log: console.log,
      onCell: (cell, seconds) => seconds >= 5 && console.log(`  cell ${cell + 1}: ${seconds.toFixed(0)} s`),
    });
    if (failure) failed.push(path);
  }
  console.log(`${paths.length - failed.length} of ${paths.length} notebooks passed`);
  if (failed.length > 0) process.exitCode = 1;
});
