/** Python packages that only some of the project needs, installed into its environment when they are first asked for. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { withLock } from "../../util/lock.ts";
import { announced } from "./announce.ts";
import { CACHE, PYTHON_FOLDER, ROOT } from "./paths.ts";
import { ensureVirtualEnvironment, PIP_OPTIONS, pythonProgram } from "./python.ts";
import { runProgram } from "./run-program.ts";

export interface Extra {
  /** Names its requirements, its stamp and its lock. */
  readonly name: string;
  /** For messages: "Ray (80 MB)". */
  readonly title: string;
  /** "the engine ray needs Ray" */
  readonly need: string;
  /** What works without it. */
  readonly without: string;
  /** Leave out what the packages ask for beside themselves. */
  readonly bare?: boolean;
}

export const RAY: Extra = {
  name: "ray",
  title: "Ray (about 100 MB)",
  need: "the engine ray needs Ray",
  without: "local workers need nothing",
};

export const GYMNASIUM: Extra = {
  name: "gymnasium",
  title: "gymnasium",
  need: "the environment needs gymnasium",
  without: "everything else works without it",
};

const INSTALL_SECONDS = 600;

const requirementsOf = ({ name }: Extra): string => join(ROOT, "lib", "runtime", "setup", `${name}-requirements.txt`);
const stampOf = ({ name }: Extra): string => join(PYTHON_FOLDER, `${name}.sha256`);

const hashOf = async (extra: Extra): Promise<string> =>
  createHash("sha256")
    .update(await readFile(requirementsOf(extra)))
    .digest("hex");

export async function extraIsReady(extra: Extra): Promise<boolean> {
  return existsSync(stampOf(extra)) && (await readFile(stampOf(extra), "utf8")) === (await hashOf(extra));
}

/**
 * Installs an extra unless it is there; of several processes that ask, one does.
 * @throws UserError where it cannot be installed
 */
export async function ensureExtra(extra: Extra): Promise<void> {
  if (await extraIsReady(extra)) return;
  await withLock(
    join(CACHE, extra.name),
    async () => {
      if (!(await extraIsReady(extra))) await install(extra);
    },
    { patience: INSTALL_SECONDS * 1000 },
  );
}

async function install(extra: Extra): Promise<void> {
  const { need, title, without, bare } = extra;
  try {
    await ensureVirtualEnvironment();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${need}: ${error.problem}`, error.mend, { cause: error });
  }
  await announced(`${title} from pip`, async () => {
    const select = [...(bare ? ["--no-deps"] : []), "--no-compile", ...PIP_OPTIONS, "-r", requirementsOf(extra)];
    const args = ["-m", "pip", "install", ...select];
    const { ok, reason } = await runProgram(pythonProgram("python"), args, { seconds: INSTALL_SECONDS });
    if (!ok) throw new UserError(`${need}: pip install: ${reason}`, `check that pip's registry answers; ${without}`);
  });
  await writeFile(stampOf(extra), await hashOf(extra));
}
