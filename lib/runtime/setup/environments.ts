/** Python packages that must not meet those of the notebooks: each set in an environment of its own below `.cache`, when first asked for. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { withLock } from "../../util/lock.ts";
import { announced } from "./announce.ts";
import { CACHE, ROOT } from "./paths.ts";
import { findSystemPython, MINIMUM_PYTHON, PIP_OPTIONS } from "./python.ts";
import { runProgram } from "./run-program.ts";

interface Environment {
  /** Names its folder in `.cache` and its requirements, `NAME-requirements.txt`. */
  readonly name: string;
  readonly title: string;
  /** What asks for it. */
  readonly need: string;
  /** There is `NAME-bare-requirements.txt` too, installed without what those packages ask for. */
  readonly bare?: boolean;
}

/** LeRobot asks for what robots need, and for PyTorch, which on Linux comes with CUDA's libraries. */
export const LEROBOT: Environment = {
  name: "lerobot",
  title: "lerobot with PyTorch (on Linux 7 GB)",
  need: "the test of LeRobot data sets needs lerobot",
  bare: true,
};
export const TENSORBOARD: Environment = {
  name: "tensorboard",
  title: "TensorBoard",
  need: "the test of event files needs TensorBoard's reader",
};
export const TRACKIO: Environment = { name: "trackio", title: "trackio", need: "--trackio needs trackio" };

const SETUP = join(ROOT, "lib", "runtime", "setup");
const INSTALL_SECONDS = 3600;
const MEND = "check that pip's registry answers and that there is room on the disk; everything else works without";

const requirementsOf = ({ name, bare }: Environment): string[] =>
  [...(bare ? [`${name}-bare`] : []), name].map((file) => join(SETUP, `${file}-requirements.txt`));

const wanted = async (environment: Environment): Promise<string> =>
  (await Promise.all(requirementsOf(environment).map((path) => readFile(path, "utf8")))).join("");

const folderOf = ({ name }: Environment): string => join(CACHE, name);
const stampOf = (environment: Environment): string => join(folderOf(environment), "requirements.txt");
const pythonOf = (environment: Environment): string =>
  process.platform === "win32"
    ? join(folderOf(environment), "Scripts", "python.exe")
    : join(folderOf(environment), "bin", "python");

async function isReady(environment: Environment): Promise<boolean> {
  if (!existsSync(pythonOf(environment)) || !existsSync(stampOf(environment))) return false;
  return (await readFile(stampOf(environment), "utf8")) === (await wanted(environment));
}

/** @returns the path of the environment's Python. @throws UserError where it cannot be made */
export async function ensureEnvironment(environment: Environment): Promise<string> {
  const install = async (): Promise<void> => {
    if (await isReady(environment)) return;
    await announced(`${environment.title} from pip, in .cache/${environment.name}`, () => make(environment));
  };
  if (!(await isReady(environment)))
    await withLock(`${folderOf(environment)}-install`, install, { patience: INSTALL_SECONDS * 1000 });
  return pythonOf(environment);
}

async function make(environment: Environment): Promise<void> {
  const { need, bare } = environment;
  const system = await findSystemPython();
  if (!system) throw new UserError(`${need}; no Python ${MINIMUM_PYTHON} or later was found`, "install one");
  const step = async (command: string, args: string[], seconds: number): Promise<void> => {
    const { ok, reason } = await runProgram(command, args, { seconds });
    if (!ok) throw new UserError(`${need}: ${reason}`, MEND);
  };
  await step(system.command, ["-m", "venv", "--clear", folderOf(environment)], 180);
  const pip = ["-m", "pip", "install", "--no-compile", ...PIP_OPTIONS];
  const files = requirementsOf(environment).reverse();
  for (const [i, file] of files.entries()) {
    const alone = bare && i === files.length - 1 ? ["--no-deps"] : [];
    await step(pythonOf(environment), [...pip, ...alone, "-r", file], INSTALL_SECONDS);
  }
  await writeFile(stampOf(environment), await wanted(environment));
}
