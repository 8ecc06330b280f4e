/** LeRobot in an environment of its own, `.cache/lerobot`: only the test of data sets needs it, and it brings PyTorch. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { withLockAsync } from "../../util/lock.ts";
import { announced } from "./announce.ts";
import { CACHE, ROOT } from "./paths.ts";
import { findSystemPython, MINIMUM_PYTHON, PIP_OPTIONS } from "./python.ts";
import { runCommand } from "./run-command.ts";

const FOLDER = join(CACHE, "lerobot");
const PYTHON = process.platform === "win32" ? join(FOLDER, "Scripts", "python.exe") : join(FOLDER, "bin", "python");
const SETUP = join(ROOT, "lib", "runtime", "setup");
/** LeRobot itself asks for what robots need, so it is installed without; then what its data sets need. */
const BARE = join(SETUP, "lerobot-bare-requirements.txt");
const REQUIREMENTS = join(SETUP, "lerobot-requirements.txt");
const STAMP = join(FOLDER, "requirements.txt");
const INSTALL_SECONDS = 3600;
const NEED = "the test of LeRobot data sets needs lerobot";
const MEND = "check that pip's registry answers and that there are 8 GB of disk; everything else works without";

const wanted = async (): Promise<string> =>
  (await Promise.all([BARE, REQUIREMENTS].map((path) => readFile(path, "utf8")))).join("");

async function isReady(): Promise<boolean> {
  return existsSync(PYTHON) && existsSync(STAMP) && (await readFile(STAMP, "utf8")) === (await wanted());
}

/** @returns the path of a Python that has lerobot. @throws UserError where it cannot be installed */
export async function ensureLerobot(): Promise<string> {
  const install = async (): Promise<void> => {
    if (!(await isReady()))
      await announced("lerobot from pip, with PyTorch (on Linux 7 GB, with CUDA's libraries)", make);
  };
  if (!(await isReady()))
    await withLockAsync(join(CACHE, "lerobot-install"), install, { patience: INSTALL_SECONDS * 1000 });
  return PYTHON;
}

async function make(): Promise<void> {
  const python = await findSystemPython();
  if (!python) throw new UserError(`${NEED}; no Python ${MINIMUM_PYTHON} or later was found`, "install one");
  const step = async (command: string, args: string[], seconds: number): Promise<void> => {
    const { ok, reason } = await runCommand(command, args, { seconds });
    if (!ok) throw new UserError(`${NEED}: ${reason}`, MEND);
  };
  await step(python.command, ["-m", "venv", "--clear", FOLDER], 180);
  const pip = ["-m", "pip", "install", "--no-compile", ...PIP_OPTIONS];
  await step(PYTHON, [...pip, "-r", REQUIREMENTS], INSTALL_SECONDS);
  await step(PYTHON, [...pip, "--no-deps", "-r", BARE], INSTALL_SECONDS);
  await writeFile(STAMP, await wanted());
}
