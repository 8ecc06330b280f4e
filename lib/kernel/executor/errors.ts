import { inspect } from "node:util";
import type { ErrorReport } from "../protocol/executor.ts";
import { hintFor } from "./hints.ts";

/** Anything that was thrown -> what Jupyter shows. Never throws itself, whatever the thrown object's getters do. */
export function reportError(thrown: unknown): ErrorReport {
  try {
    return thrown instanceof Error || looksLikeError(thrown) ? reportRealError(thrown as Error) : reportValue(thrown);
  } catch {
    return { ename: "Error", evalue: "the thrown object could not be shown", traceback: ["Error"] };
  }
}

function looksLikeError(thrown: unknown): boolean {
  return typeof thrown === "object" && thrown !== null && "stack" in thrown && "message" in thrown;
}

function reportValue(thrown: unknown): ErrorReport {
  const evalue = inspect(thrown);
  return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
}

function reportRealError(error: Error): ErrorReport {
  const ename = String(error.name || "Error");
  const evalue = String(error.message);
  const hint = hintFor(error);
  const traceback = [...stackLines(error), ...causes(error), ...(hint ? ["", `Hint: ${hint}`] : [])];
  return { ename, evalue, traceback };
}

function stackLines(error: Error): string[] {
  const lines = String(error.stack ?? `${error.name}: ${error.message}`).split("\n");
  return lines[0] === "" ? [`${error.name}: ${error.message}`] : lines;
}

function causes(error: Error): string[] {
  const inner = error instanceof AggregateError ? error.errors : error.cause === undefined ? [] : [error.cause];
  return inner.flatMap((cause: unknown) => {
    const [first, ...rest] = reportError(cause).traceback;
    return [`Caused by: ${first}`, ...rest];
  });
}
