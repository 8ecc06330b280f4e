/** A hash of the library's code, so that no worker runs another version of it than the one that gives the jobs. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "../../util/root.ts";

/** Rooms whose code no job runs. */
const LEFT_OUT = ["kernel", "notebook", "cli"];

let known: string | undefined;

export function codeHash(): string {
  known ??= hashOf(fromRoot("lib"));
  return known;
}

function hashOf(lib: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(lib, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => /\.(ts|py)$/.test(name) && !LEFT_OUT.includes(name.split("/")[0]))
    .sort();
  for (const name of files)
    hash
      .update(name)
      .update("\0")
      .update(readFileSync(join(lib, name)));
  return hash.digest("hex");
}
