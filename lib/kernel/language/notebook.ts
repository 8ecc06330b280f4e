import type { ErrorReport } from "../protocol/executor.ts";
import type { LanguageMethods } from "../protocol/language.ts";
import { type RunnableCell, transformCell } from "../transform/cell.ts";
import { declaredNames, usedNames } from "../transform/names.ts";
import { parseModule, syntaxProblems } from "../transform/parse.ts";
import { shellLines } from "../transform/shell-lines.ts";
import { type CellModule, Cells } from "./cells.ts";
import { Checker } from "./checker.ts";
import { problemsIn, reportProblems } from "./diagnostics.ts";
import { projectOptions } from "./project.ts";
import { Service } from "./service.ts";

type Argument<M extends keyof LanguageMethods> = LanguageMethods[M][0];
type Result<M extends keyof LanguageMethods> = LanguageMethods[M][1];

/** The cells of one notebook: compiled, checked, and remembered by the names they declare. */
export class Notebook {
  readonly cells: Cells;
  readonly service: Service;
  readonly #checker: Checker;
  readonly #unchecked = new Map<number, CellModule>();

  readonly folder: string;
  readonly root: string;

  constructor(folder: string, root: string) {
    this.folder = folder;
    this.root = root;
    this.cells = new Cells(folder);
    this.service = new Service(folder, root, projectOptions(folder, root));
    this.#checker = new Checker(this.service, this.cells);
  }

  /** Whether this notebook, made ahead of time, will do for a kernel that starts in `folder`. */
  serves(folder: string): boolean {
    if (folder !== this.folder) return false;
    return JSON.stringify(projectOptions(folder, this.root)) === JSON.stringify(this.service.options);
  }

  /** Files may have come since the notebook was made. */
  refreshed(): this {
    this.service.refresh();
    return this;
  }

  warmUp(): void {
    this.#checker.warmUp();
  }

  get wantsRest(): boolean {
    return this.#checker.isTired;
  }

  /** Work for idle moments. */
  rest(): void {
    this.#checker.recover();
  }

  prepare({ cell, label, code: typed, debugged }: Argument<"prepare">): Result<"prepare"> {
    const code = shellLines(typed, (name) => name in globalThis || this.cells.names.includes(name));
    const source = parseModule("cell.mts", code);
    const problems = syntaxProblems(source);
    if (problems.length > 0) return { error: reportProblems("SyntaxError", label, code, problems) };
    const prepared: RunnableCell = transformCell(source, { debugged });
    const module = this.cells.module(cell, label, code, declaredNames(source), usedNames(source));
    this.cells.add(module);
    this.#unchecked.set(cell, module);
    return { prepared };
  }

  check({ cell, mode }: Argument<"check">): Result<"check"> {
    const module = this.#unchecked.get(cell) as CellModule;
    this.#unchecked.delete(cell);
    if (mode === "off") return undefined;
    const problems = problemsIn(module, this.#checker.check(module));
    if (problems.length > 0 && mode === "block") this.cells.reject(module.fileName);
    else if (module.exported.length === 0) this.cells.forget(module.fileName);
    if (problems.length === 0) return undefined;
    return reportProblems("TypeCheckError", module.label, module.code, problems);
  }

  expression({ code }: Argument<"expression">): Result<"expression"> {
    const source = parseModule("cell.mts", code);
    const problems = syntaxProblems(source);
    if (problems.length > 0) return { error: syntaxError(code, problems) };
    const { js, maps } = transformCell(source);
    return { js, maps };
  }

  reset(): undefined {
    this.cells.clear();
    this.#unchecked.clear();
    return undefined;
  }
}

function syntaxError(code: string, problems: ReturnType<typeof syntaxProblems>): ErrorReport {
  return reportProblems("SyntaxError", "user expression", code, problems);
}
