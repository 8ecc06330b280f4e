import { join } from "node:path";
import type { Declared } from "../transform/names.ts";

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
}

interface Owner {
  declared: Declared;
  fileName: string;
}

/** Whether an import leads to another cell. */
export function isCell(specifier: string): boolean {
  return /^\.\/__cell_\w+__\.mts$/.test(specifier);
}

/** Which cell last declared each name, and the modules that are still needed for that. */
export class Cells {
  readonly #folder: string;
  readonly #owners = new Map<string, Owner>();
  readonly #modules = new Map<string, CellModule>();
  /** The owners that a cell replaced, for when the cell turns out not to run. */
  readonly #replaced = new Map<string, Map<string, Owner | undefined>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get modules(): ReadonlyMap<string, CellModule> {
    return this.#modules;
  }

  get names(): string[] {
    return [...this.#owners.keys()];
  }

  fileName(cell: number | string): string {
    return join(this.#folder, `__cell_${cell}__.mts`);
  }

  /** The module of a cell, not yet known to others. */
  module(cell: number | string, label: string, code: string, declared: Declared[], used: Set<string>): CellModule {
    const own = new Set(declared.map(({ name }) => name));
    const foreign = [...used].filter((name) => !own.has(name));
    const prelude = foreign.flatMap((name) => this.#bring(name));
    const needs = [...new Set(foreign.flatMap((name) => this.#owners.get(name)?.fileName ?? []))];
    const head = prelude.length > 0 ? `${prelude.join(" ")}\n` : "";
    const fileName = this.fileName(cell);
    const text = head + code + exportsOf(declared);
    return { fileName, text, offset: head.length, code, label, exported: declared, needs };
  }

  /** From now on later cells see the names of this one. */
  add(module: CellModule): void {
    this.#modules.set(module.fileName, module);
    const replaced = new Map<string, Owner | undefined>();
    for (const declared of module.exported) {
      replaced.set(declared.name, this.#owners.get(declared.name));
      this.#owners.set(declared.name, { declared, fileName: module.fileName });
    }
    this.#replaced.set(module.fileName, replaced);
  }

  /** Takes `add` back. */
  reject(fileName: string): void {
    for (const [name, owner] of this.#replaced.get(fileName) ?? []) {
      if (owner) this.#owners.set(name, owner);
      else this.#owners.delete(name);
    }
    this.forget(fileName);
  }

  forget(fileName: string): void {
    this.#modules.delete(fileName);
    this.#replaced.delete(fileName);
  }

  /** Forgets the modules that no present name depends on any more. */
  prune(): void {
    const needed = new Set<string>();
    const visit = (fileName: string): void => {
      if (needed.has(fileName)) return;
      needed.add(fileName);
      for (const other of this.#modules.get(fileName)?.needs ?? []) visit(other);
    };
    for (const { fileName } of this.#owners.values()) visit(fileName);
    for (const fileName of [...this.#modules.keys()]) if (!needed.has(fileName)) this.forget(fileName);
  }

  clear(): void {
    this.#owners.clear();
    this.#modules.clear();
    this.#replaced.clear();
  }

  /** Declares a name of an earlier cell in a later one, so that reading and assigning it are both checked. */
  #bring(name: string): string[] {
    const owner = this.#owners.get(name);
    if (!owner) return [];
    const { declared, fileName } = owner;
    const from = `"./${fileName.slice(this.#folder.length + 1)}"`;
    if (declared.importText) return [declared.importText];
    if (declared.kind === "type") return [`import type { ${name} } from ${from};`];
    if (declared.kind === "class" || declared.kind === "function") return [`import { ${name} } from ${from};`];
    return [`declare ${declared.kind} ${name}: typeof import(${from}).${name};`];
  }
}

/** Cells' top-level names become exports after the code, which leaves the user's lines as they are. */
function exportsOf(declared: Declared[]): string {
  const values = declared.filter(({ kind }) => kind !== "type" && kind !== "import").map(({ name }) => name);
  const types = declared.filter(({ kind, name }) => kind === "type" && !values.includes(name)).map((d) => d.name);
  const all = [...new Set([...values, ...types.map((name) => `type ${name}`)])];
  return `\nexport { ${all.join(", ")} };\n`;
}
