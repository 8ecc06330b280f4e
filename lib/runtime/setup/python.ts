/** The Python environment in `.cache/python` that holds JupyterLab and the notebook runners. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { announced } from "./announce.ts";
import { CACHE, PYTHON_FOLDER, ROOT } from "./paths.ts";
import { runCommand } from "./run-command.ts";

export const MINIMUM_PYTHON = "3.10";

const BIN = join(PYTHON_FOLDER, process.platform === "win32" ? "Scripts" : "bin");
const REQUIREMENTS = join(ROOT, "lib", "runtime", "setup", "python-requirements.txt");
const STAMP = join(PYTHON_FOLDER, "requirements.sha256");
const INSTALL_SECONDS = 900;

/** Options for every call of pip: ten seconds without an answer, three times over, means that there is none. */
export const PIP_OPTIONS = ["--disable-pip-version-check", "--no-input", "--timeout", "15", "--retries", "2"];

// Importing IPython, which Jupyter's programs do, would make a folder in the user's home.
process.env.IPYTHONDIR ??= join(CACHE, "ipython");

/** A program of the environment: "python", "jupyter", "pip". */
export const pythonProgram = (name: string): string => join(BIN, process.platform === "win32" ? `${name}.exe` : name);

/** Python of the system, 3.10 or later: WORLDCOMPASS_PYTHON, else `python3`, else `python`. */
export async function findSystemPython(): Promise<{ command: string; version: string } | undefined> {
  const chosen = process.env.WORLDCOMPASS_PYTHON;
  for (const command of chosen ? [chosen] : ["python3", "python"]) {
    const check = `import sys; print(sys.version.split()[0]); sys.exit(sys.version_info < (${MINIMUM_PYTHON.replace(".", ", ")}))`;
    const { ok, output } = await runCommand(command, ["-c", check], { seconds: 30 });
    if (ok) return { command, version: output.trim() };
  }
  return undefined;
}

let making: Promise<void> | undefined;

/**
 * Makes the bare environment, with pip, when it is not there; whoever asks meanwhile waits for the same one.
 * @throws UserError without a suitable Python or its venv module
 */
export async function ensureVirtualEnvironment(): Promise<void> {
  making ??= existsSync(pythonProgram("pip")) ? Promise.resolve() : makeVirtualEnvironment();
  try {
    await making;
  } finally {
    making = undefined;
  }
}

async function makeVirtualEnvironment(): Promise<void> {
  const python = await findSystemPython();
  if (!python) {
    const mend = `install Python ${MINIMUM_PYTHON} or later, or name one with WORLDCOMPASS_PYTHON`;
    throw new UserError(`no Python ${MINIMUM_PYTHON} or later was found`, mend);
  }
  await mkdir(CACHE, { recursive: true });
  await announced(`Python ${python.version} environment in .cache/python`, async () => {
    const result = await runCommand(python.command, ["-m", "venv", PYTHON_FOLDER], { seconds: 180 });
    if (result.ok) return;
    await rm(PYTHON_FOLDER, { recursive: true, force: true });
    throw new UserError(
      `python -m venv: ${result.reason}`,
      "install Python's venv module (Debian: apt install python3-venv)",
    );
  });
}

/** Whether the environment holds the pinned packages. */
export async function pythonIsReady(): Promise<boolean> {
  if (!existsSync(STAMP) || !existsSync(pythonProgram("jupyter"))) return false;
  return (await readFile(STAMP, "utf8")) === (await requirementsHash());
}

/**
 * Installs JupyterLab, nbclient, nbconvert and the test tools into the environment.
 * @throws UserError when pip cannot
 */
export async function ensurePython(): Promise<void> {
  if (await pythonIsReady()) return;
  await ensureVirtualEnvironment();
  await announced("JupyterLab and notebook runners from pip", async () => {
    // Most modules are never imported, so none is compiled before it is.
    const args = ["-m", "pip", "install", "--no-compile", ...PIP_OPTIONS, "-r", REQUIREMENTS];
    const { ok, reason } = await runCommand(pythonProgram("python"), args, { seconds: INSTALL_SECONDS });
    if (!ok)
      throw new UserError(`pip install: ${reason}`, "check that pip's registry answers, then run `npm run setup`");
  });
  await writeFile(STAMP, await requirementsHash());
}

const requirementsHash = async (): Promise<string> =>
  createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .digest("hex");
