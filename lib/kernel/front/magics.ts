import type { Bundle, ErrorReport } from "../protocol/executor.ts";

/** What a cell turns out to be once its magic line, if any, is read. */
export type Plan =
  | { kind: "code"; code: string; timed: boolean }
  | { kind: "display"; data: Bundle }
  | { kind: "error"; error: ErrorReport };

const SHOWN: Record<string, string> = {
  html: "text/html",
  md: "text/markdown",
  markdown: "text/markdown",
  svg: "image/svg+xml",
  latex: "text/latex",
};

const MAGIC = /^(%%?)([a-zA-Z]\w*)[ \t]*(.*)$/;

/** Reads the first line. Line numbers of the code stay what they are in the cell. */
export function planCell(code: string): Plan {
  const end = code.indexOf("\n");
  const first = end < 0 ? code : code.slice(0, end);
  const rest = end < 0 ? "" : code.slice(end);
  const magic = MAGIC.exec(first);
  if (!magic) return first.startsWith("!") ? shellError() : { kind: "code", code, timed: false };
  const [, sign, name, argument] = magic;
  if (sign === "%%") return cellMagic(name, argument, rest);
  if (name === "timeit") return { kind: "code", code: timeit(argument) + rest, timed: false };
  if (name === "time") return { kind: "code", code: argument + rest, timed: true };
  return unknown(`%${name}`);
}

function cellMagic(name: string, argument: string, rest: string): Plan {
  const type = SHOWN[name];
  const body = [argument, rest.slice(1)].filter(Boolean).join("\n");
  if (type) return { kind: "display", data: { [type]: body, "text/plain": body } };
  if (name === "time") return { kind: "code", code: argument + rest, timed: true };
  if (name === "timeit") {
    return { kind: "code", code: `await Jupyter.timeit(async () => {${argument}${rest}\n})`, timed: false };
  }
  return unknown(`%%${name}`);
}

function timeit(expression: string): string {
  return `await Jupyter.timeit(() => (${expression.replace(/;\s*$/, "")}));`;
}

function unknown(magic: string): Plan {
  const known = "%%time, %time, %%timeit, %timeit, %%html, %%md, %%svg and %%latex";
  return failure(`there is no magic ${magic}; this kernel has ${known}`);
}

function shellError(): Plan {
  return failure('cells cannot start with "!"; use `execSync` of "node:child_process" to run a command');
}

function failure(evalue: string): Plan {
  return { kind: "error", error: { ename: "MagicError", evalue, traceback: [`MagicError: ${evalue}`] } };
}
