/** JSON that people read in a diff: indented, but a list of numbers on one line. */
import { writeAtomic } from "./files.ts";
import { jsonText } from "./strict-json.ts";

const NUMBER_LISTS = /\[\n\s+((?:(?:-?\d[\d.e+-]*|null),?\s+)+)\]/g;

/** A line break cannot stand inside a JSON string, so only lists match. */
export const compactJson = (value: unknown): string =>
  jsonText(value, 2).replace(NUMBER_LISTS, (_, items: string) => `[${items.trim().replace(/\s+/g, " ")}]`);

export const writeCompactJson = (path: string, value: unknown): void => writeAtomic(path, `${compactJson(value)}\n`);
