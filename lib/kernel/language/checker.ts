import type TS from "typescript";
import type { CellModule, Cells } from "./cells.ts";
import { collectGarbage } from "./garbage.ts";
import { idleNotes } from "./idle-notes.ts";
import { Overlay } from "./overlay.ts";
import type { Service } from "./service.ts";

/** A checker remembers all it ever checked: after this many cells it is built anew, when there is time or at last. */
const TIRED_AFTER = 150;
const EXHAUSTED_AFTER = 250;

/**
 * Type-checks cells. Building a program and a checker takes tens of milliseconds, so cells that bring in no new file
 * are added to the checker that is already there.
 */
export class Checker {
  readonly #service: Service;
  readonly #cells: Cells;
  #overlay: Overlay | undefined;
  #program: TS.Program | undefined;

  constructor(service: Service, cells: Cells) {
    this.#service = service;
    this.#cells = cells;
  }

  check(module: CellModule): readonly TS.Diagnostic[] {
    if (this.#checked > EXHAUSTED_AFTER) this.recover();
    const filesChanged = /\b(?:import|require|from)\b/.test(module.code) && this.#service.refresh();
    const isSimple = !filesChanged && module.globals.length === 0;
    const quick = isSimple ? this.#overlay?.check(module) : undefined;
    return quick ?? this.#checkAnew(module);
  }

  /** Checks another form of the module that was checked last, which nothing has used yet. */
  checkAgain(module: CellModule): readonly TS.Diagnostic[] {
    return this.#overlay?.check(module) ?? this.#checkAnew(module);
  }

  /** Of a module that was checked last. */
  idleNotes(module: CellModule): string[] {
    return this.#program ? idleNotes(this.#program, module) : [];
  }

  /** What is there of the global scope may not count any more. */
  forget(): void {
    this.#overlay = undefined;
  }

  /** Builds the program before the first cell needs it. */
  warmUp(): void {
    this.#build([...this.#cells.modules.values()]);
  }

  get isTired(): boolean {
    return this.#checked > TIRED_AFTER;
  }

  /** For idle moments: starts afresh with what is still needed. */
  recover(): void {
    this.#cells.prune();
    this.warmUp();
    collectGarbage();
  }

  get #checked(): number {
    return this.#overlay?.checked ?? 0;
  }

  #build(modules: CellModule[]): void {
    this.#overlay = undefined;
    this.#service.setCells(modules);
    const program = this.#service.program();
    program.getTypeChecker();
    this.#program = program;
    this.#overlay = new Overlay(program, this.#service.options, this.#service.resolver);
  }

  #checkAnew(module: CellModule): readonly TS.Diagnostic[] {
    this.#cells.prune();
    this.#build([...new Set([...this.#cells.modules.values(), module])]);
    const program = this.#service.program();
    const source = program.getSourceFile(module.fileName) as TS.SourceFile;
    // What is wrong with options is for the project's own build to tell.
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  }
}
