/** JSON that says what is wrong with it: numbers that it cannot hold are not made null, and damaged text is no stack. */
import { readFileSync } from "node:fs";
import { onFile, UserError } from "./errors.ts";

/** @throws UserError naming a number that is not finite, which JSON would silently make null */
export function jsonText(value: unknown, indent?: number): string {
  refuseNonFinite(value, "");
  return JSON.stringify(value, null, indent);
}

function refuseNonFinite(value: unknown, path: string): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new UserError(`${path || "the value"} is ${value}, which JSON cannot hold`, "find out where it comes from");
  }
  if (typeof value !== "object" || value === null || "toJSON" in value) return;
  for (const [key, part] of Object.entries(value)) refuseNonFinite(part, path ? `${path}.${key}` : key);
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
