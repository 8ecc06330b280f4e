import type TS from "typescript";
import { ts } from "../transform/typescript.ts";
import type { CellModule } from "./cells.ts";
import { Overlay } from "./overlay.ts";
import type { Service } from "./service.ts";

/** After this many cells the checker is built anew: it remembers all it ever checked. */
const REBUILD_AFTER = 150;

/**
 * Type-checks cells. Building a program and a checker takes tens of milliseconds, so cells that bring in no new file
 * are added to the checker that is already there.
 */
export class Checker {
  readonly #service: Service;
  #overlay: Overlay | undefined;

  constructor(service: Service) {
    this.#service = service;
  }

  /** @param known all modules later cells may refer to, `module` among them */
  check(module: CellModule, known: Iterable<CellModule>): readonly TS.Diagnostic[] {
    if (!/\bimport\b/.test(module.code)) {
      const quick = this.#overlay?.check(module);
      if (quick) return quick;
    } else {
      this.#service.refresh();
    }
    return this.#rebuild(module, known);
  }

  /** Builds the program before the first cell needs it, or after many cells. */
  warmUp(known: Iterable<CellModule>): void {
    this.#service.setCells(known);
    const program = this.#service.program();
    program.getTypeChecker();
    this.#overlay = new Overlay(program, this.#service.options);
  }

  get isTired(): boolean {
    return (this.#overlay?.checked ?? 0) > REBUILD_AFTER;
  }

  #rebuild(module: CellModule, known: Iterable<CellModule>): readonly TS.Diagnostic[] {
    this.warmUp(new Set([...known, module]));
    const program = this.#service.program();
    const source = program.getSourceFile(module.fileName) as TS.SourceFile;
    const global = program.getOptionsDiagnostics().filter(({ category }) => category === ts.DiagnosticCategory.Error);
    return [...global, ...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  }
}
