/**
 * Python packages that only some of the project needs, installed when they are first asked for: into its environment, or, where
 * they must not meet those of the notebooks, into one of their own below `.cache`.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { withLock } from "../../util/lock.ts";
import { announce, announced } from "./announce.ts";
import { CACHE, PYTHON_FOLDER, ROOT } from "./paths.ts";
import { ensureVirtualEnvironment, findSystemPython, MINIMUM_PYTHON, PIP_OPTIONS, VENV_MEND } from "./python.ts";
import { runProgram } from "./run-program.ts";

export interface Extra {
  /**
   * Names its stamp, its lock, and its requirements: `NAME-requirements.txt`, and `NAME-bare-requirements.txt` of packages
   * that are installed without what they ask for beside themselves. It has one of the two, or both.
   */
  readonly name: string;
  /** What is imported to see that it works. */
  readonly module: string;
  /** For messages: "Ray (80 MB)". */
  readonly title: string;
  /** "the engine ray needs Ray" */
  readonly need: string;
  /** What works without it. */
  readonly without: string;
  /** In an environment of its own. */
  readonly apart?: boolean;
}

export const RAY: Extra = {
  name: "ray",
  module: "ray",
  title: "Ray (about 100 MB)",
  need: "the engine ray needs Ray",
  without: "local workers need nothing",
};

export const GYMNASIUM: Extra = {
  name: "gymnasium",
  module: "gymnasium",
  title: "gymnasium",
  need: "the environment needs gymnasium",
  without: "everything else works without it",
};

/** LeRobot asks for what robots need, and for PyTorch, which on Linux comes with CUDA's libraries. */
export const LEROBOT: Extra = {
  name: "lerobot",
  module: "torch, lerobot",
  title: "lerobot with PyTorch (on Linux 7 GB)",
  need: "the test of LeRobot data sets needs lerobot",
  without: "everything else works without it",
  apart: true,
};
/** PyTorch alone: the same environment, since a second would take as much room. */
export const TORCH: Extra = { ...LEROBOT, need: "the benchmark needs PyTorch" };

export const TENSORBOARD: Extra = {
  name: "tensorboard",
  module: "tensorboard",
  title: "TensorBoard",
  need: "the test of event files needs TensorBoard's reader",
  without: "everything else works without it",
  apart: true,
};
export const TRACKIO: Extra = {
  name: "trackio",
  module: "trackio",
  title: "trackio",
  need: "--trackio needs trackio",
  without: "everything else works without it",
  apart: true,
};

const SETUP = join(ROOT, "lib", "runtime", "setup");
const INSTALL_SECONDS = 3600;
const PROOF_SECONDS = 300;

/** Lists of packages, each with the options that pip is given. */
const requirementsOf = ({ name }: Extra): { path: string; options: string[] }[] =>
  [
    { path: join(SETUP, `${name}-requirements.txt`), options: [] },
    { path: join(SETUP, `${name}-bare-requirements.txt`), options: ["--no-deps"] },
  ].filter(({ path }) => existsSync(path));

const wanted = async (extra: Extra): Promise<string> =>
  (await Promise.all(requirementsOf(extra).map(({ path }) => readFile(path, "utf8")))).join("");

const folderOf = ({ name, apart }: Extra): string => (apart ? join(CACHE, name) : PYTHON_FOLDER);
const stampOf = (extra: Extra): string => join(folderOf(extra), `${extra.name}-requirements.txt`);

/** The Python that has it. */
const pythonOf = (extra: Extra): string =>
  process.platform === "win32"
    ? join(folderOf(extra), "Scripts", "python.exe")
    : join(folderOf(extra), "bin", "python");

async function isInstalled(extra: Extra): Promise<boolean> {
  if (!existsSync(pythonOf(extra)) || !existsSync(stampOf(extra))) return false;
  return (await readFile(stampOf(extra), "utf8")) === (await wanted(extra));
}

/** What does not work in it, in a line; undefined where it is there and can be imported. */
export async function extraFault(extra: Extra): Promise<string | undefined> {
  if (!(await isInstalled(extra))) return "not installed";
  const { ok, reason } = await runProgram(pythonOf(extra), ["-c", `import ${extra.module}`], {
    seconds: PROOF_SECONDS,
  });
  return ok ? undefined : reason;
}

/**
 * Installs an extra unless it is there and works; of several processes that ask, one does.
 * @returns the path of the Python that has it
 * @throws UserError where it cannot be installed
 */
export async function ensureExtra(extra: Extra): Promise<string> {
  const python = pythonOf(extra);
  const fault = await extraFault(extra);
  if (fault === undefined) return python;
  if (await isInstalled(extra)) announce(`${extra.title} does not work (${fault}): it is installed again`);
  const install = async (): Promise<void> => {
    // Another process may have done it meanwhile.
    if ((await extraFault(extra)) === undefined) return;
    await announced(`${extra.title} from pip, in .cache/${extra.apart ? extra.name : "python"}`, () => make(extra));
  };
  await withLock(join(CACHE, extra.name), install, { patience: INSTALL_SECONDS * 1000 });
  const left = await extraFault(extra);
  if (left !== undefined)
    throw new UserError(
      `${extra.need}, which does not work as installed: ${left}`,
      `see \`npm run doctor\`; ${extra.without}`,
    );
  return python;
}

async function make(extra: Extra): Promise<void> {
  await makeEnvironment(extra);
  for (const { path, options } of requirementsOf(extra)) {
    // Again even where pip takes them to be there: what is there may be what does not work.
    const pip = ["-m", "pip", "install", "--no-compile", ...(existsSync(stampOf(extra)) ? ["--force-reinstall"] : [])];
    const { ok, reason } = await runProgram(pythonOf(extra), [...pip, ...PIP_OPTIONS, ...options, "-r", path], {
      seconds: INSTALL_SECONDS,
    });
    const mend = `check that pip's registry answers and that there is room on the disk; ${extra.without}`;
    if (!ok) throw new UserError(`${extra.need}: pip install: ${reason}`, mend);
  }
  await writeFile(stampOf(extra), await wanted(extra));
}

/** @throws UserError with what needs it, where there is no Python for it */
async function makeEnvironment(extra: Extra): Promise<void> {
  const { need, apart } = extra;
  if (!apart) {
    try {
      return await ensureVirtualEnvironment();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${need}: ${error.problem}`, error.mend, { cause: error });
    }
  }
  const system = await findSystemPython();
  if (!system) throw new UserError(`${need}; no Python ${MINIMUM_PYTHON} or later was found`, "install one");
  const { ok, reason } = await runProgram(system.command, ["-m", "venv", "--clear", folderOf(extra)], { seconds: 180 });
  if (!ok) throw new UserError(`${need}: python -m venv: ${reason}`, VENV_MEND);
}
