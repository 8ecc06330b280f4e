/** What was measured of a run, beside it: measured again only where something that shapes it is another. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unlike } from "../util/config.ts";
import { writeJson } from "../util/files.ts";
import type { Tree } from "../util/tree.ts";

const RESULT = "result.json";

/** Everything that shapes a result. */
export interface Identity {
  of: Tree;
  /** What an entry that an earlier result does not know yet counts as. */
  presets?: Tree;
}

export function readResult<T>(dir: string, { of, presets }: Identity): T | undefined {
  const path = join(dir, RESULT);
  if (!existsSync(path)) return undefined;
  const known = JSON.parse(readFileSync(path, "utf8")) as { identity: Tree | string; result: T };
  const earlier = typeof known.identity === "string" ? (JSON.parse(known.identity) as Tree) : known.identity;
  const asked = JSON.parse(JSON.stringify(of)) as Tree;
  return unlike(earlier, asked, presets).length === 0 ? known.result : undefined;
}

export const writeResult = (dir: string, { of }: Identity, result: unknown): void =>
  writeJson(join(dir, RESULT), { identity: of, result });

/** The known result, or the one that is made now. */
export async function cached<T>(dir: string, identity: Identity, make: () => T | Promise<T>): Promise<T> {
  const known = readResult<T>(dir, identity);
  if (known !== undefined) return known;
  const result = await make();
  writeResult(dir, identity, result);
  return result;
}
