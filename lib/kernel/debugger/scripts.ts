import { existsSync, readFileSync } from "node:fs";
import type { Debugger } from "node:inspector";
import { basename } from "node:path";
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
}

type Parsed = Pick<Debugger.ScriptParsedEventDataType, "scriptId" | "url" | "startColumn">;

interface ScriptReader {
  source(id: string): Promise<string>;
  maps(url: string): Promise<CellMaps | undefined>;
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

  parsed(parsed: Parsed): void {
    const script = this.#describe(parsed);
    if (script) this.#known.set(parsed.scriptId, script);
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

  #describe(parsed: Parsed): Script | undefined {
    const { scriptId: id, url } = parsed;
    const cell = cellOf(url);
    if (cell !== undefined) return this.#cell(parsed, cell);
    if (!url.startsWith("file:")) return undefined;
    const path = fileURLToPath(moduleOf(url)?.file ?? url);
    if (path.startsWith(this.#places.kernelFolder)) return undefined;
    const kind = path.includes("/node_modules/") ? "package" : "project";
    const text = once(() => this.#text(parsed, () => (existsSync(path) ? readFileSync(path, "utf8") : "")));
    return { id, kind, path, name: basename(path), text };
  }

  #cell(parsed: Parsed, cell: number): Script | undefined {
    const ran = this.#places.cells.get(cell);
    if (!ran) return undefined;
    const { code, label } = ran;
    const text = once(() => this.#text(parsed, () => code));
    return { id: parsed.scriptId, kind: "cell", path: cellPath(code), name: `In [${label}]`, text };
  }

  async #text({ scriptId, url, startColumn }: Parsed, written: () => string): Promise<ScriptText> {
    const [js, maps] = await Promise.all([this.#read.source(scriptId), this.#read.maps(url)]);
    if (!maps) return new ScriptText({ js, written: js });
    return new ScriptText({ js, written: written(), map: new PositionMap(maps), startColumn });
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
