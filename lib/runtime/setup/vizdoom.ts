/** ViZDoom in the project's Python environment: an engine and free game data, for the world `doom` alone. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { withLockAsync } from "../../util/lock.ts";
import { announced } from "./announce.ts";
import { CACHE, PYTHON_FOLDER, ROOT } from "./paths.ts";
import { ensureVirtualEnvironment, PIP_OPTIONS, pythonProgram } from "./python.ts";
import { runCommand } from "./run-command.ts";

const REQUIREMENTS = join(ROOT, "lib", "runtime", "setup", "vizdoom-requirements.txt");
const STAMP = join(PYTHON_FOLDER, "vizdoom.sha256");
const INSTALL_SECONDS = 600;

const NEED = "the world doom needs ViZDoom";
const MEND =
  "check that pip's registry answers, then run `npm run setup -- --world doom`; the world courtyard works without";

const requirementsHash = async (): Promise<string> =>
  createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .digest("hex");

export async function vizdoomIsReady(): Promise<boolean> {
  return existsSync(STAMP) && (await readFile(STAMP, "utf8")) === (await requirementsHash());
}

/**
 * Installs ViZDoom (about 65 MB) unless it is there; of several processes that ask, one does.
 * @throws UserError where it cannot be installed
 */
export async function ensureVizdoom(): Promise<void> {
  if (await vizdoomIsReady()) return;
  await withLockAsync(
    join(CACHE, "vizdoom"),
    async () => {
      if (!(await vizdoomIsReady())) await install();
    },
    { patience: INSTALL_SECONDS * 1000 },
  );
}

async function install(): Promise<void> {
  try {
    await ensureVirtualEnvironment();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${NEED}: ${error.problem}`, error.mend, { cause: error });
  }
  await announced("ViZDoom from pip, for the world doom", async () => {
    const args = ["-m", "pip", "install", "--no-deps", "--no-compile", ...PIP_OPTIONS, "-r", REQUIREMENTS];
    const { ok, reason } = await runCommand(pythonProgram("python"), args, { seconds: INSTALL_SECONDS });
    if (!ok) throw new UserError(`${NEED}: pip install: ${reason}`, MEND);
  });
  await writeFile(STAMP, await requirementsHash());
}
