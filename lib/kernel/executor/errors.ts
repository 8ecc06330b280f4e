import { inspect, types } from "node:util";
import type { ErrorReport } from "../protocol/executor.ts";
import { hintFor } from "./hints.ts";
import { textOf } from "./text.ts";

/** Errors shown of one that was thrown: it, its causes, theirs, and so on. */
const SHOWN = 20;
/** Characters of a name, a message or a line that are shown. */
const LONGEST = 100_000;

const clipped = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length - LONGEST} more characters)`;

/** Anything that was thrown -> what Jupyter shows. Never throws itself, whatever the thrown object's getters do. */
export function reportError(thrown: unknown): ErrorReport {
  const { ename, evalue, traceback } = report(thrown, new Set());
  return { ename: clipped(ename), evalue: clipped(evalue), traceback: traceback.map(clipped) };
}

/** @param shown errors that are part of the report already */
function report(thrown: unknown, shown: Set<unknown>): ErrorReport {
  try {
    return thrown instanceof Error || looksLikeError(thrown)
      ? reportRealError(thrown as Error, shown)
      : reportValue(thrown);
  } catch {
    const evalue = "the thrown object could not be shown";
    return { ename: "Error", evalue, traceback: [`Error: ${evalue}`] };
  }
}

function looksLikeError(thrown: unknown): boolean {
  return typeof thrown === "object" && thrown !== null && "stack" in thrown && "message" in thrown;
}

function reportValue(thrown: unknown): ErrorReport {
  const evalue = inspect(thrown);
  return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
}

function reportRealError(error: Error, shown: Set<unknown>): ErrorReport {
  const ename = nameOf(error);
  const evalue = String(error.message);
  const hint = hintFor(error);
  shown.add(error);
  const traceback = [
    ...stackLines(error),
    ...propertyLines(error),
    ...causes(error, shown),
    ...(hint ? ["", `Hint: ${hint}`] : []),
  ];
  return { ename, evalue, traceback };
}

function nameOf(error: Error): string {
  return String(error.name || "Error");
}

/** A stack that is empty, or that the program's own code fails to make, costs its lines, not the message. */
function stackLines(error: Error): string[] {
  const lines = clipped(stackOf(error)).split("\n");
  return lines[0] === "" ? [`${nameOf(error)}: ${error.message}`] : lines;
}

function stackOf(error: Error): string {
  try {
    return typeof error.stack === "string" ? error.stack : "";
  } catch {
    return "";
  }
}

/** What else is known of an error, as Node shows it: its code, its path, whatever was assigned to it. */
function propertyLines(error: Error): string[] {
  if (types.isProxy(error)) return [];
  const isTold = (key: PropertyKey) => TOLD.has(key) || (key === "errors" && partsOf(error).length > 0);
  // The stack, which the program's own code may make, is not even looked at.
  const others = Reflect.ownKeys(error).filter((key) => !isTold(key));
  const all = others.map((key) => [key, Object.getOwnPropertyDescriptor(error, key) as PropertyDescriptor] as const);
  const shown = all.filter(([, { enumerable }]) => enumerable);
  if (shown.length === 0) return [];
  const properties = Object.defineProperties({}, Object.fromEntries(shown));
  const lines = textOf(properties).split("\n");
  const left = lines.length - PROPERTY_LINES;
  return left > 0 ? [...lines.slice(0, PROPERTY_LINES), `… ${left} more lines`] : lines;
}

/** Told elsewhere. */
const TOLD = new Set<PropertyKey>(["name", "message", "stack", "cause"]);
const PROPERTY_LINES = 50;

/** Errors that are one together; libraries keep other things under this name, too. */
function partsOf(error: Error): unknown[] {
  const errors: unknown = Object.getOwnPropertyDescriptor(error, "errors")?.value;
  if (!Array.isArray(errors)) return [];
  return error instanceof AggregateError || errors.every(looksLikeError) ? errors : [];
}

function causes(error: Error, shown: Set<unknown>): string[] {
  const inner = [...partsOf(error), ...(error.cause === undefined ? [] : [error.cause])];
  const lines: string[] = [];
  for (const [i, cause] of inner.entries()) {
    if (shown.size >= SHOWN) return [...lines, `Caused by: ${inner.length - i} more, not shown`];
    if (shown.has(cause)) {
      lines.push("Caused by: an error that is shown above");
      continue;
    }
    const [first, ...rest] = report(cause, shown).traceback;
    lines.push(`Caused by: ${first}`, ...rest);
  }
  return lines;
}
