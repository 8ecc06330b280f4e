/** The version of the code, for records. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { ownFile, ROOT } from "./root.ts";

/** The current commit, or null where there is no git checkout. */
export function currentCommit(): string | null {
  if (!existsSync(ownFile(".git"))) return null;
  return execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8", cwd: ROOT }).trim();
}
