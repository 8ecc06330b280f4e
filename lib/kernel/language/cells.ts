import { join } from "node:path";
import { checkText } from "../transform/check-text.ts";
import { type Declared, declaredNames, usedNames } from "../transform/names.ts";
import type { CellText } from "../transform/read-cell.ts";
import { ts } from "../transform/typescript.ts";
import { globalKeys } from "./global-keys.ts";
import { Owners } from "./owners.ts";

/** A cell as the type checker sees it: a module that imports what it uses of earlier cells and exports its names. */
export interface CellModule {
  fileName: string;
  text: string;
  /** Offset of the user's first character in `text`. */
  offset: number;
  code: string;
  label: string;
  exported: Declared[];
  /** Modules of the cells whose names it uses. */
  needs: string[];
  /** Variables of which it may make sure that they have some of their types only. */
  guards: string[];
  /** What it adds to the global scope: names, and members of interfaces. */
  globals: string[];
}

/** A cell on its way to be one. */
export interface CellDraft {
  cell: number | string;
  label: string;
  code: string;
  text: CellText;
  /** Names to bring in though the cell does not use them. */
  also?: readonly string[];
  /** Whether variables of earlier cells have the types which those cells left in them, not the declared ones. */
  narrowed?: boolean;
}

/** Whether an import leads to another cell. */
export function isCell(specifier: string): boolean {
  return /^\.\/__cell_\w+__\.tsx?$/.test(specifier);
}

/** The cells' modules, and which of them are still needed. */
export class Cells {
  readonly #folder: string;
  readonly #owners: Owners;
  readonly #modules = new Map<string, CellModule>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#owners = new Owners();
  }

  get modules(): ReadonlyMap<string, CellModule> {
    return this.#modules;
  }

  get names(): string[] {
    return this.#owners.names;
  }

  /** Names that mean something when cells run. */
  get values(): string[] {
    return this.#owners.values;
  }

  /** The module of a cell, not yet known to others. */
  module({ cell, label, code, text: { source, shift }, also = [], narrowed = false }: CellDraft): CellModule {
    const exported = declaredNames(source);
    const own = new Set(exported.map(({ name }) => name));
    const foreign = [...new Set([...usedNames(source), ...also])].filter((name) => !own.has(name));
    const extension = source.languageVariant === ts.LanguageVariant.JSX ? "tsx" : "ts";
    const fileName = this.#fileName(cell, extension);
    const brought = [
      ...foreign.flatMap((name) => this.#owners.bring(name, fileName, narrowed)),
      ...exported.flatMap((declared) => this.#owners.complement(declared, exported)),
    ];
    const head = brought.length > 0 ? `${brought.map(({ text }) => text).join(" ")}\n` : "";
    const notes = this.#owners.notes(source, exported, fileName);
    const noted = notes.map(({ text }) => text).join("");
    return {
      ...{ label, code, exported, fileName, offset: head.length + shift },
      text: head + checkText(source) + exportsOf(exported) + noted,
      needs: [...new Set([...brought, ...notes].flatMap(({ needs }) => needs))],
      guards: notes.flatMap(({ name, isGuard }) => (isGuard ? [name] : [])),
      globals: globalKeys(source),
    };
  }

  /** Of a cell that later ones may use. */
  moduleOf(cell: number): CellModule | undefined {
    return this.#modules.get(this.#fileName(cell, "ts")) ?? this.#modules.get(this.#fileName(cell, "tsx"));
  }

  #fileName(cell: number | string, extension: "ts" | "tsx"): string {
    return join(this.#folder, `__cell_${cell}__.${extension}`);
  }

  /** From now on later cells see the names of this one. */
  add(module: CellModule): void {
    for (const older of this.#modules.values()) {
      if (older.exported.length === 0 && older.globals.some((key) => module.globals.includes(key))) {
        this.forget(older.fileName);
      }
    }
    this.#modules.set(module.fileName, module);
    this.#owners.add(module);
  }

  /** The same cell, seen otherwise. */
  replace(module: CellModule): void {
    this.#modules.set(module.fileName, module);
  }

  /** It turned out to have made sure of nothing new about these variables. */
  dropNotes({ fileName }: CellModule, names: string[]): void {
    for (const name of names) this.#owners.dropNote(name, fileName);
  }

  /** Whether anything a later cell may use is in it. */
  isNeeded({ fileName, globals }: CellModule): boolean {
    return globals.length > 0 || this.#owners.files.has(fileName);
  }

  /** Takes `add` back. */
  reject(fileName: string): void {
    this.#owners.reject(fileName);
    this.forget(fileName);
  }

  forget(fileName: string): void {
    this.#modules.delete(fileName);
    this.#owners.settle(fileName);
  }

  /** Forgets the modules that nothing depends on any more. */
  prune(): void {
    const needed = new Set<string>();
    const visit = (fileName: string): void => {
      if (needed.has(fileName)) return;
      needed.add(fileName);
      for (const other of this.#modules.get(fileName)?.needs ?? []) visit(other);
    };
    for (const fileName of this.#owners.files) visit(fileName);
    for (const { fileName, globals } of this.#modules.values()) if (globals.length > 0) visit(fileName);
    for (const fileName of [...this.#modules.keys()]) if (!needed.has(fileName)) this.forget(fileName);
  }

  clear(): void {
    this.#owners.clear();
    this.#modules.clear();
  }
}

/**
 * Cells' top-level names become exports after the code, which leaves the user's lines as they are. The semicolon is for
 * a cell that ends in `global`, which would declare something together with `export`.
 */
function exportsOf(declared: Declared[]): string {
  const values = declared.filter(({ kind }) => kind !== "type" && kind !== "import").map(({ name }) => name);
  const types = declared.filter(({ kind, name }) => kind === "type" && !values.includes(name)).map((d) => d.name);
  const all = [...new Set([...values, ...types.map((name) => `type ${name}`)])];
  return `\n;export { ${all.join(", ")} };\n`;
}
