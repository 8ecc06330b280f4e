/** Does the Python environment work, and where it stands? It moves with the project, but its programs name their Python by path. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { CACHE, PYTHON_FOLDER, packageFolder } from "./paths.ts";
import { runProgram } from "./run-program.ts";

const BIN = join(PYTHON_FOLDER, process.platform === "win32" ? "Scripts" : "bin");

// Importing IPython, which Jupyter's programs do, would make a folder in the user's home.
process.env.IPYTHONDIR ??= join(CACHE, "ipython");

/** A program of the environment: "python", "jupyter", "pip". */
export const pythonProgram = (name: string): string => join(BIN, process.platform === "win32" ? `${name}.exe` : name);

/** What notebooks, their runner and JupyterLab begin with. */
const IMPORTS = "import pip, jupyterlab, jupyter_client, nbclient, nbconvert, nbformat, ipykernel";
const PROOF_SECONDS = 120;

/** Writes every program of the installed packages again, for the Python that runs this; pip's own way of making them. */
const REHOME = `import importlib.metadata, os, sys
from pip._vendor.distlib.scripts import ScriptMaker
maker = ScriptMaker(None, os.path.dirname(sys.executable))
maker.clobber, maker.set_mode, maker.variants = True, True, {""}
maker.make_multiple(f"{point.name} = {point.value}" for point in importlib.metadata.entry_points(group="console_scripts"))`;

/** Does this program start the Python beside it, and not one of the place that it was made at? */
export function isAtHome(program: string, folder: string): boolean {
  if (!existsSync(program)) return true;
  const text = readFileSync(program, "latin1");
  return [folder, realpathSync(folder)].some((path) =>
    text.includes(Buffer.from(join(path, "python")).toString("latin1")),
  );
}

/** Was the project moved or copied here with the environment in it? */
export const wasMoved = (): boolean => ["pip", "jupyter"].some((name) => !isAtHome(pythonProgram(name), BIN));

/** What does not work in the environment, in a line; undefined where it starts and has what notebooks need. */
export async function environmentFault(): Promise<string | undefined> {
  if (!existsSync(pythonProgram("python"))) return "there is no Python in it that starts";
  const { ok, reason } = await runProgram(pythonProgram("python"), ["-c", IMPORTS], { seconds: PROOF_SECONDS });
  return ok ? undefined : reason;
}

/** Makes the programs of a moved environment start the Python beside them. @throws UserError where that is impossible */
export async function rehome(): Promise<void> {
  const { ok, reason } = await runProgram(pythonProgram("python"), ["-c", REHOME], { seconds: PROOF_SECONDS });
  if (!ok || wasMoved())
    throw new UserError(
      `the environment in ${PYTHON_FOLDER} was made elsewhere: ${reason}`,
      "remove that folder, then run `npm run setup`",
    );
}

/** What is wrong with a kernel's kernel.json, undefined where it starts this checkout's kernel. */
export function kernelFault(kernelspec: string): string | undefined {
  const path = join(kernelspec, "kernel.json");
  if (!existsSync(path)) return "is not installed";
  const own = packageFolder("typebook");
  const folders = own ? [own, realpathSync(own)] : [];
  const text = readFileSync(path, "utf8");
  if (folders.some((folder) => text.includes(JSON.stringify(folder).slice(1, -1)))) return undefined;
  return "belongs to another copy of the project";
}
