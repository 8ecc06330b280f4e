import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CellMaps } from "../protocol/executor.ts";
import { cellOf, moduleOf } from "../protocol/scripts.ts";
import { PositionMap } from "../transform/compose.ts";
import { cellPath, type RanCells } from "./cells.ts";
import { ScriptText } from "./script-text.ts";

/** A script of the executor that somebody wrote. */
export interface Script {
  id: string;
  kind: "cell" | "project" | "package";
  /** How front-ends name it. */
  path: string;
  /** How a person calls it. */
  name: string;
  text(): Promise<ScriptText>;
}

export interface ScriptPlaces {
  cells: RanCells;
  /** The kernel's compiled code, which nobody debugs. */
  kernelFolder: string;
  /** Prepared project files, with their source maps. */
  moduleCache: string;
}

interface ScriptReader {
  source(id: string): Promise<string>;
  cellMaps(cell: number): Promise<CellMaps | undefined>;
}

/** Which scripts run in an executor, and what the user wrote of them. */
export class Scripts {
  readonly #places: ScriptPlaces;
  readonly #read: ScriptReader;
  readonly #known = new Map<string, Script>();

  constructor(places: ScriptPlaces, read: ScriptReader) {
    this.#places = places;
    this.#read = read;
  }

  parsed({ scriptId, url }: { scriptId: string; url: string }): void {
    const script = this.#describe(scriptId, url);
    if (script) this.#known.set(scriptId, script);
  }

  /** Undefined for Node's, the kernel's and nameless scripts. */
  get(id: string): Script | undefined {
    return this.#known.get(id);
  }

  /** A cell that ran twice is two scripts; of a project file only the newest version counts. */
  at(path: string): Script[] {
    const found = [...this.#known.values()].filter((script) => script.path === path);
    return found.at(-1)?.kind === "project" ? found.slice(-1) : found;
  }

  /** Project files, each once. */
  get project(): Script[] {
    const files = [...this.#known.values()].filter(({ kind }) => kind === "project");
    return [...new Map(files.map((script) => [script.path, script])).values()];
  }

  #describe(id: string, url: string): Script | undefined {
    const cell = cellOf(url);
    if (cell !== undefined) return this.#cell(id, cell);
    if (!url.startsWith("file:")) return undefined;
    const module = moduleOf(url);
    const path = fileURLToPath(module?.file ?? url);
    if (path.startsWith(this.#places.kernelFolder)) return undefined;
    const kind = path.includes("/node_modules/") ? "package" : "project";
    return { id, kind, path, name: basename(path), text: once(() => this.#fileText(id, path, module?.hash)) };
  }

  #cell(id: string, cell: number): Script | undefined {
    const ran = this.#places.cells.get(cell);
    if (!ran) return undefined;
    const text = once(async () => {
      const [js, maps] = await Promise.all([this.#read.source(id), this.#read.cellMaps(cell)]);
      return new ScriptText(js, ran.code, maps && new PositionMap(maps));
    });
    return { id, kind: "cell", path: cellPath(ran.code), name: `In [${ran.label}]`, text };
  }

  async #fileText(id: string, path: string, hash: string | undefined): Promise<ScriptText> {
    const js = await this.#read.source(id);
    if (hash === undefined) return new ScriptText(js, js, undefined);
    const kept = readFileSync(join(this.#places.moduleCache, `${hash}.json`), "utf8");
    const { maps } = JSON.parse(kept) as { maps: CellMaps };
    return new ScriptText(js, readFileSync(path, "utf8"), new PositionMap(maps));
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** URLs of scripts in which stepping does not stop: everything but cells and files, and of these the foreign ones. */
export function skippedUrls({ kernelFolder }: ScriptPlaces, skipPackages: boolean): string[] {
  const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const kernel = `^${literally(pathToFileURL(kernelFolder).href)}`;
  return ["^(?!typebook-cell-|file:)", kernel, ...(skipPackages ? ["/node_modules/"] : [])];
}
