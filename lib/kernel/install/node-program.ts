import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join, sep } from "node:path";

const NAME = process.platform === "win32" ? "node.exe" : "node";

/**
 * The absolute path by which kernelspecs name this Node. Package managers keep each version in a folder of its own and
 * a link to the newest in the PATH: the link outlives an update, so it is preferred where it leads to this Node.
 */
export function nodeProgram(path = process.env.PATH ?? "", running = process.execPath): string {
  const candidates = path.split(delimiter).map((folder) => join(folder, NAME));
  return candidates.find((candidate) => lasts(candidate) && leadsTo(candidate, running)) ?? running;
}

/** Projects' own links, and those that a version manager makes for one shell, go with what they belong to. */
function lasts(candidate: string): boolean {
  const passing = [`${sep}node_modules${sep}`, "fnm_multishells", `${sep}_npx${sep}`];
  return isAbsolute(candidate) && !candidate.startsWith(tmpdir()) && !passing.some((part) => candidate.includes(part));
}

function leadsTo(candidate: string, program: string): boolean {
  try {
    return realpathSync(candidate) === realpathSync(program);
  } catch {
    // Not there.
    return false;
  }
}
