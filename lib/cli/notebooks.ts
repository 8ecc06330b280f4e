/** `npm run notebooks`: executes the ordered notebooks headlessly. */
import { join, resolve } from "node:path";
import type { Parameters } from "../notebook/parameters.ts";
import { runNotebook } from "../notebook/run.ts";
import { selectNotebooks } from "../notebook/select.ts";
import { ensureKernelspecs } from "../runtime/setup/kernelspec.ts";
import { CACHE, ROOT } from "../runtime/setup/paths.ts";
import { ensurePython, pythonProgram } from "../runtime/setup/python.ts";
import { UserError } from "../util/errors.ts";
import { parseOptions, runMain } from "./options.ts";

const DEFAULTS = {
  /** Where the notebooks are, from the project's folder. */
  folder: "notebooks",
  /** Start of the file names to run, separated by commas; all when empty. */
  only: "",
  /** Sets the parameter `profile` of every notebook that has one; empty for the notebooks' own default. */
  profile: "",
  /** More parameters, for example `seed=3,name=trial`. */
  set: "",
  kernel: "worldcompass-typescript",
  /** Seconds that a cell may take. */
  timeout: 3600,
  /** Put the executed notebooks in the place of the originals. */
  write: false,
};

/** `a=1,b=x` as a record; numbers and true or false become values of their type. */
function parseSettings(text: string): Parameters {
  const pairs = text.split(",").filter((pair) => pair !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([A-Za-z_$][\w$]*)=(.*)$/.exec(pair) ?? [];
      if (name === undefined) throw new UserError(`"${pair}" sets nothing`, "write it as name=value");
      return [name, /^(true|false|-?\d+(\.\d+)?(e-?\d+)?)$/.test(value) ? JSON.parse(value) : value];
    }),
  );
}

runMain(async () => {
  const { folder, only, profile, set, kernel, timeout, write } = parseOptions(DEFAULTS);
  const paths = selectNotebooks(resolve(ROOT, folder), only);
  await ensurePython();
  await ensureKernelspecs();
  const failed: string[] = [];
  for (const path of paths) {
    const failure = await runNotebook(path, {
      python: pythonProgram("python"),
      kernel,
      seconds: timeout,
      shared: profile === "" ? {} : { profile },
      parameters: parseSettings(set),
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
