import { basename } from "node:path";
import type TS from "typescript";
import { assignedNames } from "../transform/assigned.ts";
import { guardedNames } from "../transform/guarded.ts";
import type { Declared } from "../transform/names.ts";
import { LEFT } from "./globals.ts";

/** The declaration that a name means now. */
interface Owner {
  declared: Declared;
  fileName: string;
}

interface Declaring {
  fileName: string;
  exported: Declared[];
  text: string;
}

/** What stands in a cell's module for a name of another. */
interface Brought {
  text: string;
  needs: string[];
}

/** What a cell leaves a variable with; `isGuard` if perhaps nothing that was not known before. */
export interface Note extends Brought {
  name: string;
  isGuard: boolean;
}

interface Meaning {
  value?: Owner;
  type?: Owner;
  /** The module that knows what the variable was left with. */
  left?: string;
}

/** Which cell last declared each name: as a value, and as a type, which may be two cells. */
export class Owners {
  readonly #meanings = new Map<string, Meaning>();
  /** What a cell replaced, for when it turns out not to run. */
  readonly #replaced = new Map<string, Map<string, Meaning | undefined>>();

  get names(): string[] {
    return [...this.#meanings.keys()];
  }

  get values(): string[] {
    return [...this.#meanings].flatMap(([name, { value }]) => (value ? [name] : []));
  }

  /** Modules that present names come from. */
  get files(): Set<string> {
    const files = [...this.#meanings.values()].map(({ value, type, left }) => [value?.fileName, type?.fileName, left]);
    return new Set(files.flat().filter((fileName): fileName is string => fileName !== undefined));
  }

  add({ fileName, exported, text }: Declaring): void {
    const replaced = new Map<string, Meaning | undefined>();
    const change = (name: string, meaning: Meaning): void => {
      if (!replaced.has(name)) replaced.set(name, this.#meanings.get(name));
      this.#meanings.set(name, meaning);
    };
    for (const declared of exported) {
      const before = this.#meanings.get(declared.name) ?? {};
      change(declared.name, redeclared(before, { declared, fileName }));
    }
    for (const [, name] of text.matchAll(NOTE)) change(name, { ...this.#meanings.get(name), left: fileName });
    this.#replaced.set(fileName, replaced);
  }

  reject(fileName: string): void {
    for (const [name, meaning] of this.#replaced.get(fileName) ?? []) {
      if (meaning) this.#meanings.set(name, meaning);
      else this.#meanings.delete(name);
    }
  }

  /** The cell will not be taken back any more. */
  settle(fileName: string): void {
    this.#replaced.delete(fileName);
  }

  clear(): void {
    this.#meanings.clear();
    this.#replaced.clear();
  }

  /**
   * Declares a name of an earlier cell in a later one's module, so that reading and assigning it are both checked; if
   * `asNarrowed`, with the type that was left in it.
   */
  bring(name: string, module: string, asNarrowed: boolean): Brought[] {
    const { value, type } = this.#meanings.get(name) ?? {};
    const left = this.#leftBefore(name, module);
    if (!value) return type ? [broughtType(name, type)] : [];
    if (value.declared.importText) return [{ text: value.declared.importText, needs: [] }];
    const isBinding = value.declared.kind === "let" || value.declared.kind === "const";
    const sameCell = type?.fileName === value.fileName;
    if (sameCell || (!isBinding && !type)) return [brought(`import { ${name} } from ${from(value.fileName)};`, value)];
    const kind = isBinding ? value.declared.kind : "const";
    const ofType = type ? [broughtType(name, type)] : [];
    if (asNarrowed && left && isBinding) return [...ofType, narrowed(name, value, left)];
    const declaration = `declare ${kind} ${name}: typeof import(${from(value.fileName)}).${name};`;
    // What was left may be asked for yet.
    return [...ofType, { text: declaration, needs: left ? [value.fileName, left] : [value.fileName] }];
  }

  /** A cell that declares a name as a type alone may use the value of that name, and the other way round. */
  complement({ name, kind }: Declared, exported: Declared[]): Brought[] {
    const { value, type } = this.#meanings.get(name) ?? {};
    if (kind === "class" || kind === "import" || exported.some((other) => other.name === name && other.kind !== kind)) {
      return [];
    }
    if (kind !== "type") return type?.declared.kind === "type" ? [broughtType(name, type)] : [];
    const isPlain = value && ["let", "const", "function"].includes(value.declared.kind);
    return isPlain ? [brought(`declare const ${name}: typeof import(${from(value.fileName)}).${name};`, value)] : [];
  }

  /**
   * Remembers, after a cell's code, what it leaves its variables and those of others with: those that it assigns, and
   * those of which it makes sure that they have some of their types only.
   */
  notes(source: TS.SourceFile, exported: Declared[], fileName: string): Note[] {
    const own = new Map(exported.map(({ name, kind }) => [name, kind]));
    const kindOf = (name: string) => own.get(name) ?? this.#meanings.get(name)?.value?.declared.kind;
    const assigned = [...assignedNames(source)].filter((name) => kindOf(name) === "let");
    const guarded = [...guardedNames(source)].filter(
      (name) => !assigned.includes(name) && ["let", "const"].includes(kindOf(name) ?? ""),
    );
    const known = (name: string) => (own.has(name) ? undefined : this.#leftBefore(name, fileName));
    return [...assigned.map((name) => note(name)), ...guarded.map((name) => guard(name, known(name)))];
  }

  /** A module's note of a guard that made sure of nothing: what was known before still holds. */
  dropNote(name: string, fileName: string): void {
    const meaning = this.#meanings.get(name);
    if (meaning?.left !== fileName) return;
    this.#meanings.set(name, { ...meaning, left: this.#replaced.get(fileName)?.get(name)?.left });
  }

  #leftBefore(name: string, fileName: string): string | undefined {
    const left = this.#meanings.get(name)?.left;
    return left === fileName ? this.#replaced.get(fileName)?.get(name)?.left : left;
  }
}

/** What a cell leaves a variable with is exported under this prefix. */
export const NOTED = "__left_";
const NOTE = /^export const __left_(\S+) = /gm;

function from(fileName: string): string {
  return `"./${basename(fileName)}"`;
}

function brought(text: string, { fileName }: Owner): Brought {
  return { text, needs: [fileName] };
}

function broughtType(name: string, type: Owner): Brought {
  return brought(`import type { ${name} } from ${from(type.fileName)};`, type);
}

function note(name: string): Note {
  return { name, isGuard: false, text: `export const ${NOTED}${name} = ${name};\n`, needs: [] };
}

/** @param before where the variable was left before: what is known of it since then is added to that */
function guard(name: string, before: string | undefined): Note {
  const plain = { ...note(name), isGuard: true };
  return before ? { ...plain, text: `${asLeft(name, before)}\n${plain.text}`, needs: [before] } : plain;
}

/** From here on the variable has, of its types, those that it was left with. */
function asLeft(name: string, left: string): string {
  return `${LEFT}<typeof import(${from(left)}).${NOTED}${name}>(${name});`;
}

/** Functions of the cell know it of a constant only if that is its type. */
function narrowed(name: string, { declared, fileName }: Owner, left: string): Brought {
  const text =
    declared.kind === "const"
      ? `declare const ${name}: typeof import(${from(left)}).${NOTED}${name};`
      : `declare let ${name}: typeof import(${from(fileName)}).${name}; ${asLeft(name, left)}`;
  return { text, needs: [fileName, left] };
}

/** A class is a value and a type and goes as both; a mere type and a mere value of one name live side by side. */
function redeclared({ value, type }: Meaning, owner: Owner): Meaning {
  const { kind } = owner.declared;
  if (kind === "class" || kind === "import") return { value: owner, type: owner };
  if (kind === "type") return { value, type: owner };
  const keepsType = type && (type.declared.kind === "type" || type.fileName === owner.fileName);
  return { value: owner, type: keepsType ? type : undefined };
}
