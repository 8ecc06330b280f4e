/** PyTorch for the processor, in an environment of its own: .cache/bench-python. */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { announce, announced } from "../../runtime/setup/announce.ts";
import { answers } from "../../runtime/setup/network.ts";
import { CACHE } from "../../runtime/setup/paths.ts";
import { findSystemPython, MINIMUM_PYTHON, PIP_OPTIONS } from "../../runtime/setup/python.ts";
import { runCommand } from "../../runtime/setup/run-command.ts";
import { UserError } from "../../util/errors.ts";

const FOLDER = join(CACHE, "bench-python");
const PYTHON = process.platform === "win32" ? join(FOLDER, "Scripts", "python.exe") : join(FOLDER, "bin", "python");
const REQUIREMENTS = join(import.meta.dirname, "python-requirements.txt");
const STAMP = join(FOLDER, "requirements.txt");
/** PyTorch's own index has builds without CUDA, twenty times smaller than those of pip's registry. */
const SMALL_BUILDS = "https://download.pytorch.org/whl/cpu";
const INSTALL_SECONDS = 1800;

async function isReady(): Promise<boolean> {
  if (!existsSync(STAMP) || !existsSync(PYTHON)) return false;
  return (await readFile(STAMP, "utf8")) === (await readFile(REQUIREMENTS, "utf8"));
}

const install = (more: string[]) =>
  runCommand(PYTHON, ["-m", "pip", "install", ...PIP_OPTIONS, ...more, "-r", REQUIREMENTS], {
    seconds: INSTALL_SECONDS,
  });

async function createFolder(): Promise<void> {
  const python = await findSystemPython();
  const mend = `install Python ${MINIMUM_PYTHON} or later, or name one with WORLDCOMPASS_PYTHON`;
  if (!python) throw new UserError(`the benchmark needs Python ${MINIMUM_PYTHON} or later; none was found`, mend);
  await rm(FOLDER, { recursive: true, force: true });
  const { ok, reason } = await runCommand(python.command, ["-m", "venv", FOLDER], { seconds: 180 });
  if (!ok) throw new UserError(`python -m venv: ${reason}`, "install Python's venv module (Debian: python3-venv)");
}

async function installPackages(): Promise<void> {
  if (await answers(SMALL_BUILDS)) {
    const { ok, reason } = await install(["--extra-index-url", SMALL_BUILDS, "--prefer-binary"]);
    if (ok) return;
    announce(`PyTorch's own index does not serve (${reason}); pip's registry instead`);
  }
  const { ok, reason } = await install([]);
  if (ok) return;
  const mend = "check that pip's registry answers, has room for 6 GB and a PyTorch for this Python; then try again";
  throw new UserError(`PyTorch cannot be installed for the comparison: ${reason}`, mend);
}

/**
 * @returns the path of a Python that has PyTorch
 * @throws UserError when there is no Python, or pip cannot install
 */
export async function ensureTorch(): Promise<string> {
  if (await isReady()) return PYTHON;
  await announced(
    "PyTorch in .cache/bench-python (0.2 GB; with CUDA's libraries, where no other is had, 6 GB)",
    async () => {
      await createFolder();
      await installPackages();
    },
  );
  await writeFile(STAMP, await readFile(REQUIREMENTS));
  return PYTHON;
}
