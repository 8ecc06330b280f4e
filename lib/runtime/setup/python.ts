/** The Python environment in `.cache/python` that holds JupyterLab and the notebook runners. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { withLock } from "../../util/lock.ts";
import { announce, announced } from "./announce.ts";
import { environmentFault, pythonProgram, rehome, wasMoved } from "./environment.ts";
import { CACHE, PYTHON_FOLDER, ROOT } from "./paths.ts";
import { runProgram } from "./run-program.ts";

export { pythonProgram };
export const MINIMUM_PYTHON = "3.10";
export const VENV_MEND = "install Python's venv module (Debian: apt install python3-venv), then run `npm run setup`";

const REQUIREMENTS = join(ROOT, "lib", "runtime", "setup", "python-requirements.txt");
const STAMP = join(PYTHON_FOLDER, "requirements.sha256");
const INSTALL_SECONDS = 900;

/** Options for every call of pip: ten seconds without an answer, three times over, means that there is none. */
export const PIP_OPTIONS = ["--disable-pip-version-check", "--no-input", "--timeout", "15", "--retries", "2"];

export interface SystemPython {
  command: string;
  version: string;
  /** Can it make environments? Debian ships it in two parts. */
  venv: boolean;
}

const LOOK = `import importlib.util, sys
print(sys.version.split()[0], all(map(importlib.util.find_spec, ["venv", "ensurepip"])))
sys.exit(sys.version_info < (${MINIMUM_PYTHON.replace(".", ", ")}))`;

/** Python of the system, 3.10 or later: WORLDCOMPASS_PYTHON, else `python3`, else `python`; one that can make environments first. */
export async function findSystemPython(): Promise<SystemPython | undefined> {
  const chosen = process.env.WORLDCOMPASS_PYTHON;
  const found: SystemPython[] = [];
  for (const command of chosen ? [chosen] : ["python3", "python"]) {
    const { ok, output } = await runProgram(command, ["-c", LOOK], { seconds: 60 });
    const [version, venv] = output.trim().split(" ");
    if (ok) found.push({ command, version, venv: venv === "True" });
  }
  return found.find(({ venv }) => venv) ?? found[0];
}

let making: Promise<void> | undefined;

/**
 * Makes the bare environment, with pip, when it is not there; whoever asks meanwhile waits for the same one.
 * @throws UserError without a suitable Python or its venv module
 */
export async function ensureVirtualEnvironment(): Promise<void> {
  making ??= alone(async () => {
    if (!existsSync(pythonProgram("pip"))) await makeVirtualEnvironment();
    else if (wasMoved()) await mendPlace();
  });
  try {
    await making;
  } finally {
    making = undefined;
  }
}

/** One process of several at a time, since they would write into each other's files. */
const alone = (work: () => Promise<void>): Promise<void> =>
  withLock(PYTHON_FOLDER, work, { patience: 2 * INSTALL_SECONDS * 1000 });

async function mendPlace(): Promise<void> {
  announce("the project was moved or copied: the programs in .cache/python are made for this place");
  await rehome();
}

async function makeVirtualEnvironment(): Promise<void> {
  const python = await findSystemPython();
  if (!python) {
    const mend = `install Python ${MINIMUM_PYTHON} or later, or name one with WORLDCOMPASS_PYTHON`;
    throw new UserError(`no Python ${MINIMUM_PYTHON} or later was found`, mend);
  }
  if (!python.venv) throw new UserError(`Python ${python.version} (${python.command}) has no venv module`, VENV_MEND);
  await mkdir(CACHE, { recursive: true });
  await announced(`Python ${python.version} environment in .cache/python`, async () => {
    const result = await runProgram(python.command, ["-m", "venv", PYTHON_FOLDER], { seconds: 180 });
    if (result.ok) return;
    await rm(PYTHON_FOLDER, { recursive: true, force: true });
    throw new UserError(`python -m venv: ${result.reason}`, mendOf(result.output, VENV_MEND));
  });
}

/** A program that fails on a full disk says so somewhere in its output. */
export const mendOf = (output: string, otherwise: string): string =>
  /No space left|ENOSPC|quota exceeded/i.test(output) ? "free 3 GB of disk space, then run `npm run setup`" : otherwise;

/** Does the environment stand where it was made, with the pinned packages? Whether they work, `environmentFault` says. */
export async function pythonIsReady(): Promise<boolean> {
  if (!existsSync(STAMP) || !existsSync(pythonProgram("jupyter")) || wasMoved()) return false;
  return (await readFile(STAMP, "utf8")) === (await requirementsHash());
}

let proven: Promise<void> | undefined;

/**
 * Installs JupyterLab, nbclient, nbconvert and the test tools into the environment, and tries them; an environment that was
 * moved is mended, a damaged one is made again.
 * @throws UserError when pip cannot
 */
export function ensurePython(): Promise<void> {
  proven ??= provePython().catch((error: unknown) => {
    proven = undefined;
    throw error;
  });
  return proven;
}

async function provePython(): Promise<void> {
  await install();
  const fault = await environmentFault();
  if (fault === undefined) return;
  announce(`the environment in .cache/python does not work (${fault}): it is made again`);
  await alone(() => rm(PYTHON_FOLDER, { recursive: true, force: true }));
  await install();
  const again = await environmentFault();
  if (again !== undefined)
    throw new UserError(`the new environment in .cache/python does not work either: ${again}`, "see `npm run doctor`");
}

async function install(): Promise<void> {
  if (await pythonIsReady()) return;
  await ensureVirtualEnvironment();
  await alone(async () => {
    // Another process may have done it meanwhile.
    if (await pythonIsReady()) return;
    await announced("JupyterLab and notebook runners from pip (about 430 MB on the disk)", async () => {
      // Most modules are never imported, so none is compiled before it is.
      const args = ["-m", "pip", "install", "--no-compile", ...PIP_OPTIONS, "-r", REQUIREMENTS];
      const { ok, reason, output } = await runProgram(pythonProgram("python"), args, { seconds: INSTALL_SECONDS });
      const mend = mendOf(output, "check that pip's registry answers, then run `npm run setup`");
      if (!ok) throw new UserError(`pip install: ${reason}`, mend);
    });
    await writeFile(STAMP, await requirementsHash());
  });
}

const requirementsHash = async (): Promise<string> =>
  createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .digest("hex");
