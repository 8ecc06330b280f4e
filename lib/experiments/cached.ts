/** What was measured of a run, beside it: measured again only where something that shapes it is another. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeJson } from "../util/files.ts";

const RESULT = "result.json";

/** @param identity everything that shapes the result */
export function readResult<T>(dir: string, identity: object): T | undefined {
  const path = join(dir, RESULT);
  if (!existsSync(path)) return undefined;
  const known = JSON.parse(readFileSync(path, "utf8")) as { identity: string; result: T };
  return known.identity === JSON.stringify(identity) ? known.result : undefined;
}

export const writeResult = (dir: string, identity: object, result: unknown): void =>
  writeJson(join(dir, RESULT), { identity: JSON.stringify(identity), result });

/** The known result, or the one that is made now. */
export async function cached<T>(dir: string, identity: object, make: () => T | Promise<T>): Promise<T> {
  const known = readResult<T>(dir, identity);
  if (known !== undefined) return known;
  const result = await make();
  writeResult(dir, identity, result);
  return result;
}
