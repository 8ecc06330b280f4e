import type TS from "typescript";
import type { Completion } from "../protocol/language.ts";
import { readCell } from "../transform/read-cell.ts";
import { ts } from "../transform/typescript.ts";
import type { CellModule } from "./cells.ts";
import { livePath } from "./live-path.ts";
import type { Notebook } from "./notebook.ts";
import { ownImportAsPath } from "./own-package.ts";

/** The text being typed as a module beside the cells; every known name is in scope, so that any may be completed. */
export function scratchModule(notebook: Notebook, code: string): CellModule {
  const { cells } = notebook;
  return cells.module({
    ...{ cell: "scratch", label: "*", code, text: readCell(code) },
    also: cells.names,
    narrowed: true,
  });
}

const PREFERENCES = {
  includeCompletionsWithInsertText: false,
  includeCompletionsForModuleExports: false,
  importModuleSpecifierEnding: "js",
} as const;

/** Completions at a UTF-16 offset, typed, also inside the specifiers of imports. */
export function complete(notebook: Notebook, code: string, cursor: number): Completion {
  const text = ownImportAsPath({ code, cursor }, notebook.folder);
  const found = completeText(notebook, text.code, text.cursor);
  const moved = cursor - text.cursor;
  const range = { start: found.start + moved, end: found.end + moved };
  return { ...found, ...range, types: found.types.map((entry) => ({ ...entry, ...range })) };
}

function completeText(notebook: Notebook, code: string, cursor: number): Completion {
  const module = scratchModule(notebook, code);
  notebook.service.setCells([...notebook.cells.modules.values(), module]);
  const at = module.offset + cursor;
  const found = notebook.service.language.getCompletionsAtPosition(module.fileName, at, PREFERENCES);
  const typed = typedPart(code, cursor);
  const fallback = { start: cursor - typed.length, end: cursor };
  const before = (span: TS.TextSpan | undefined) =>
    span ? module.text.slice(span.start, Math.max(at, span.start)) : typed;
  const entries = (found?.entries ?? []).filter((entry) => isOffered(entry, before(entry.replacementSpan)));
  const span = entries.find((entry) => entry.replacementSpan)?.replacementSpan ?? found?.optionalReplacementSpan;
  const range = span
    ? { start: span.start - module.offset, end: Math.max(cursor, span.start + span.length - module.offset) }
    : fallback;
  const matches = entries.sort((a, b) => a.sortText.localeCompare(b.sortText)).map(({ name }) => name);
  const types = entries.map(({ name, kind }) => ({ text: name, type: kindName(kind), ...range }));
  const path = livePath(notebook, module, cursor);
  if (path?.key === undefined) return { matches, ...range, types, ...path };
  return { matches: [], start: path.key, end: cursor, types: [], live: path.live, isKey: true };
}

function typedPart(code: string, cursor: number): string {
  return /[\p{ID_Continue}$]*$/u.exec(code.slice(0, cursor))?.[0] ?? "";
}

/** `typed` is what the entry would replace, as far as the cursor. */
function isOffered({ name, kind }: TS.CompletionEntry, typed: string): boolean {
  if (/^__(?:cell_|kernel_|left_|wc[A-Z])/.test(name)) return false;
  if (kind === ts.ScriptElementKind.warning) return false;
  return name.toLowerCase().startsWith(typed.toLowerCase());
}

/** TypeScript's kinds -> those which JupyterLab has icons for. */
function kindName(kind: string): string {
  if (kind === "method" || kind === "local function") return "function";
  if (kind === "const" || kind === "let" || kind === "var" || kind === "parameter") return "variable";
  if (kind === "script" || kind === "external module name") return "module";
  return kind;
}
