import type { Bundle, ErrorReport } from "../protocol/executor.ts";

/** What a cell turns out to be once its magic line, if any, is read. */
export type Plan =
  | { kind: "code"; code: string; timed: boolean }
  | { kind: "display"; data: Bundle }
  | { kind: "error"; error: ErrorReport };

/** Written in any case: IPython knows %%HTML and %%SVG. */
const SHOWN: Record<string, string> = {
  html: "text/html",
  md: "text/markdown",
  markdown: "text/markdown",
  svg: "image/svg+xml",
  latex: "text/latex",
  javascript: "application/javascript",
  js: "application/javascript",
};

/** Cells for another interpreter, and the program that reads them. */
const SHELLS: Record<string, string> = { bash: "bash", sh: "sh" };

const MAGIC = /^(%%?)([a-zA-Z]\w*)[ \t]*(.*)$/;

/** A byte order mark and empty lines, which editors leave before a cell's first line. */
const BEFORE = /^\uFEFF?(?:[ \t]*\n)*/;

/** Where Enter shall run a cell that begins with `%%`: after an empty line, as in IPython. Undefined for other cells. */
export function isCellMagicComplete(code: string): boolean | undefined {
  return code.trimStart().startsWith("%%") ? code.split("\n").at(-1)?.trim() === "" : undefined;
}

/** Reads the first line that is not empty. Line numbers of the code stay what they are in the cell. */
export function planCell(cell: string): Plan {
  const text = cell.replaceAll("\r\n", "\n");
  const before = (BEFORE.exec(text) as RegExpExecArray)[0];
  const code = text.slice(before.length);
  const plan = planLines(code);
  return plan.kind === "code" ? { ...plan, code: before.replace("\uFEFF", "") + plan.code } : plan;
}

function planLines(code: string): Plan {
  const end = code.indexOf("\n");
  const first = end < 0 ? code : code.slice(0, end);
  const rest = end < 0 ? "" : code.slice(end);
  const magic = MAGIC.exec(first);
  if (!magic) return { kind: "code", code, timed: false };
  const [, sign, name, argument] = magic;
  if (sign === "%%") return cellMagic(name, argument.trimEnd(), rest);
  if (name === "timeit" && argument.trim() === "") return failure("%timeit needs an expression; %%timeit times a cell");
  if (name === "timeit") return { kind: "code", code: timeit(argument) + rest, timed: false };
  if (name === "time") return { kind: "code", code: argument + rest, timed: true };
  return unknown(`%${name}`);
}

function cellMagic(name: string, argument: string, rest: string): Plan {
  const shown = name.toLowerCase();
  const type = Object.hasOwn(SHOWN, shown) ? SHOWN[shown] : undefined;
  const body = [argument, rest.slice(1)].filter(Boolean).join("\n");
  if (type) return { kind: "display", data: { [type]: body, "text/plain": body } };
  if (Object.hasOwn(SHELLS, name)) return { kind: "code", code: shell(SHELLS[name], body), timed: false };
  if (name === "time") return { kind: "code", code: argument + rest, timed: true };
  if (name === "timeit") {
    return { kind: "code", code: `await __wcTimeit(async () => {${argument}${rest}\n})`, timed: false };
  }
  return unknown(`%%${name}`);
}

function timeit(expression: string): string {
  return `await __wcTimeit(() => (${expression.replace(/;\s*$/, "")}));`;
}

function shell(program: string, script: string): string {
  return `await __wcShell(${JSON.stringify(script)}, ${JSON.stringify(program)});`;
}

function unknown(magic: string): Plan {
  const known = "%%time, %time, %%timeit, %timeit, %%bash, %%sh, %%html, %%md, %%svg, %%latex and %%javascript";
  return failure(`there is no magic ${magic}; this kernel has ${known}`);
}

function failure(evalue: string): Plan {
  return { kind: "error", error: { ename: "MagicError", evalue, traceback: [`MagicError: ${evalue}`] } };
}
