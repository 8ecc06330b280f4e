/** JSON that says what is wrong with it: numbers that it cannot hold are not made null, and damaged text is no stack. */
import { readFileSync } from "node:fs";
import { onFile, UserError } from "./errors.ts";

/** @throws UserError naming what JSON would silently make null, or leave out: a number that is not finite, a Map */
export function jsonText(value: unknown, indent?: number): string {
  refuseLoss(value, "", 0);
  return JSON.stringify(value, null, indent);
}

/** Levels beyond which a value is taken to hold itself. */
const DEEPEST = 200;

function refuseLoss(value: unknown, path: string, depth: number): void {
  const lost = depth > DEEPEST ? `nested deeper than ${DEEPEST} levels` : lostBy(value);
  if (lost)
    throw new UserError(`${path || "the value"} is ${lost}, which JSON cannot hold`, "find out where it comes from");
  if (typeof value !== "object" || value === null || "toJSON" in value) return;
  const inList = Array.isArray(value);
  for (const [key, part] of Object.entries(value)) {
    // In an object it is left out, which is meant.
    if (part === undefined && !inList) continue;
    refuseLoss(part, path ? `${path}.${key}` : key, depth + 1);
  }
}

/** What JSON has nothing for. */
function lostBy(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "no date" : undefined;
  if (value instanceof Map || value instanceof Set) return `a ${value.constructor.name}`;
  return ["undefined", "bigint", "function", "symbol"].includes(typeof value) ? typeof value : undefined;
}

/**
 * @param source what to call the text in an error message
 * @param mend what helps where it is damaged
 * @throws UserError if it is not JSON
 */
export function parseJson(text: string, source: string, mend: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${source} is not JSON (${(error as Error).message})`, mend, { cause: error });
  }
}

/** Is it an object with keys, and not a list? */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object in a JSON file. @throws UserError if the file is missing, not JSON, or holds something else */
export function readRecord(path: string, mend: string): Record<string, unknown> {
  const value = parseJson(
    onFile(path, () => readFileSync(path, "utf8")),
    path,
    mend,
  );
  if (isRecord(value)) return value;
  throw new UserError(`${path} does not hold an object`, mend);
}
