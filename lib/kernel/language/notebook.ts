import type { LanguageMethods } from "../protocol/language.ts";
import { type CellOptions, type RunnableCell, transformCell } from "../transform/cell.ts";
import { globalNames } from "../transform/own-names.ts";
import type { Problem } from "../transform/parse.ts";
import { readCell } from "../transform/read-cell.ts";
import { shellLines } from "../transform/shell-lines.ts";
import { type CellDraft, type CellModule, Cells } from "./cells.ts";
import { Checker } from "./checker.ts";
import { problemsIn, reportProblems } from "./diagnostics.ts";
import { type Project, readProject } from "./project.ts";
import { Service } from "./service.ts";
import { typesAmong } from "./types-among.ts";

type Argument<M extends keyof LanguageMethods> = LanguageMethods[M][0];
type Result<M extends keyof LanguageMethods> = LanguageMethods[M][1];

const GLOBALS = globalNames();

/** The cells of one notebook: compiled, checked, and remembered by the names they declare. */
export class Notebook {
  readonly cells: Cells;
  readonly service: Service;
  readonly #checker: Checker;
  readonly #unchecked = new Map<number, { draft: CellDraft; module: CellModule }>();
  readonly #project: Project;
  #hasRun = false;

  readonly folder: string;
  readonly root: string;

  constructor(folder: string, root: string) {
    this.folder = folder;
    this.root = root;
    this.cells = new Cells(folder);
    this.#project = readProject(folder, root);
    this.service = new Service(folder, this.#project);
    this.#checker = new Checker(this.service, this.cells);
  }

  /** Whether this notebook, made ahead of time, will do for a kernel that starts in `folder`. */
  serves(folder: string): boolean {
    if (folder !== this.folder) return false;
    return JSON.stringify(readProject(folder, this.root)) === JSON.stringify(this.#project);
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
    return this.#checker.isTired || (this.service.isNarrow && this.#hasRun);
  }

  /** Work for idle moments. */
  rest(): void {
    if (this.service.isNarrow) this.#widen();
    this.#checker.recover();
  }

  prepare({ cell, label, code: typed, debugged }: Argument<"prepare">): Result<"prepare"> {
    const code = shellLines(typed, (name) => name in globalThis || this.cells.names.includes(name));
    const text = readCell(code);
    if (text.problems.length > 0) return { error: reportProblems("SyntaxError", label, code, text.problems) };
    const also = text.source.fileName.endsWith(".tsx") ? this.#project.jsxNames : [];
    const draft = { cell, label, code, text, also };
    const module = this.cells.module(draft);
    this.cells.add(module);
    this.#unchecked.set(cell, { draft, module });
    const prepared: RunnableCell = transformCell(text.source, { ...this.#cellOptions(), debugged });
    return { prepared: { ...prepared, declares: module.exported.map(({ name }) => name) } };
  }

  check({ cell, mode }: Argument<"check">): Result<"check"> {
    const { draft, module } = this.#unchecked.get(cell) as { draft: CellDraft; module: CellModule };
    this.#unchecked.delete(cell);
    this.#hasRun = true;
    if (mode === "off") {
      if (module.globals.length > 0) this.#checker.forget();
      return undefined;
    }
    const problems = this.#problems(draft, module);
    this.cells.dropNotes(module, this.#checker.idleNotes(module));
    if (problems.length > 0 && mode === "block") this.#reject(module);
    else if (!this.cells.isNeeded(module)) this.cells.forget(module.fileName);
    if (problems.length === 0) return undefined;
    return reportProblems("TypeCheckError", module.label, module.code, problems);
  }

  /**
   * A cell is right if it is so with its variables' declared types, or with those that the cells before left in them;
   * if it is not, the fewer errors say better why.
   */
  #problems(draft: CellDraft, module: CellModule): Problem[] {
    const problems = problemsIn(module, this.#checker.check(module), this.cells);
    if (problems.length === 0) return problems;
    if (this.service.isNarrow) {
      this.#widen();
      return this.#problems(draft, module);
    }
    const narrowed = this.cells.module({ ...draft, narrowed: true });
    if (narrowed.text === module.text) return problems;
    const left = problemsIn(narrowed, this.#checker.checkAgain(narrowed), this.cells);
    if (left.length === 0) this.cells.replace(narrowed);
    return left.length < problems.length ? left : problems;
  }

  /** A project with the browser's libraries gets them when a cell needs them, or at the first pause. */
  #widen(): void {
    this.service.widen();
    this.#checker.forget();
  }

  /** Takes back what `prepare` made known. */
  forget(cell: number): undefined {
    this.#unchecked.delete(cell);
    const module = this.cells.moduleOf(cell);
    if (module) this.#reject(module);
    return undefined;
  }

  #reject({ fileName, globals }: CellModule): void {
    this.cells.reject(fileName);
    if (globals.length > 0) this.#checker.forget();
  }

  /** Those of a module's names that are types alone. */
  typesAmong({ specifier, names }: Argument<"typesAmong">): Result<"typesAmong"> {
    return typesAmong(this, specifier, names);
  }

  expression({ code }: Argument<"expression">): Result<"expression"> {
    const { source, problems } = readCell(code);
    if (problems.length > 0) return { error: reportProblems("SyntaxError", "user expression", code, problems) };
    const { js, maps } = transformCell(source, this.#cellOptions());
    return { js, maps };
  }

  #cellOptions(): CellOptions {
    const own = new Set(this.cells.values.filter((name) => GLOBALS.has(name)));
    return { compiler: this.#project.emit, own };
  }

  reset(): undefined {
    this.#hasRun = false;
    this.cells.clear();
    // Cells that are about to run will run, in the executor that comes next.
    for (const [cell, { draft }] of this.#unchecked) {
      const module = this.cells.module(draft);
      this.cells.add(module);
      this.#unchecked.set(cell, { draft, module });
    }
    return undefined;
  }
}
