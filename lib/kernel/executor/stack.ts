import { fileURLToPath } from "node:url";
import type { CellMaps } from "../protocol/executor.ts";
import { cellOf, cellUrl, moduleOf } from "../protocol/scripts.ts";
import { PositionMap } from "../transform/compose.ts";

/** The executor's own compiled files. */
const OWN = new URL("./", import.meta.url).href;
/** Closures of old cells may throw at any time, but memory is finite. */
const KEPT_CELLS = 2000;

export interface Frame {
  /** `In [3]` or a file's path. */
  place: string;
  /** Execution number of the cell, if it is one. */
  cell?: number;
  line: number;
  column: number;
}

interface KnownCell {
  label: string;
  maps: CellMaps | PositionMap;
}

/** Turns V8's call sites into frames with the lines of cells and TypeScript sources. */
export class Stacks {
  readonly #mapsOf: (hash: string) => CellMaps | undefined;
  readonly #cells = new Map<number, KnownCell>();
  readonly #modules = new Map<string, PositionMap | undefined>();

  /** @param mapsOf maps of a version of a project's file */
  constructor(mapsOf: (hash: string) => CellMaps | undefined) {
    this.#mapsOf = mapsOf;
  }

  /** Makes `error.stack` show original positions and leave out the executor and Node's own frames. */
  install(): void {
    Error.stackTraceLimit = 50;
    Error.prepareStackTrace = (error, sites) => {
      const frames = sites.flatMap((site) => this.#describe(site) ?? []);
      return [headline(error), ...frames.slice(0, 20)].join("\n    at ");
    };
  }

  addCell(cell: number, label: string, maps: CellMaps): string {
    this.#cells.set(cell, { label, maps });
    this.#cells.delete(cell - KEPT_CELLS);
    return cellUrl(cell);
  }

  /** The source maps of a script, for the debugger. */
  maps(url: string): CellMaps | undefined {
    const module = moduleOf(url);
    if (module) return this.#moduleMap(module.hash)?.maps;
    const maps = this.#cells.get(cellOf(url) ?? 0)?.maps;
    return maps instanceof PositionMap ? maps.maps : maps;
  }

  #describe(site: NodeJS.CallSite): string | undefined {
    const url = site.getScriptNameOrSourceURL() ?? site.getFileName() ?? "";
    if (url.startsWith("node:") || url.startsWith(OWN) || url === "" || site.isNative()) return undefined;
    const frame = this.locate(url, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1);
    if (!frame) return undefined;
    const where = `${frame.place}:${frame.line}:${frame.column}`;
    const name = functionName(site);
    return name ? `${name} (${where})` : where;
  }

  locate(url: string, line: number, column: number): Frame | undefined {
    const cell = cellOf(url);
    if (cell !== undefined) return this.#locateInCell(cell, line, column);
    const module = moduleOf(url);
    if (!module) return { place: url.startsWith("file:") ? fileURLToPath(url) : url, line, column };
    const original = this.#moduleMap(module.hash)?.original({ line, column });
    return { place: fileURLToPath(module.file), ...(original ?? { line, column }) };
  }

  #locateInCell(cell: number, line: number, column: number): Frame | undefined {
    const known = this.#cells.get(cell);
    if (!known) return undefined;
    if (!(known.maps instanceof PositionMap)) known.maps = new PositionMap(known.maps);
    const original = known.maps.original({ line, column });
    return original && { place: `In [${known.label}]`, cell, ...original };
  }

  #moduleMap(hash: string): PositionMap | undefined {
    if (!this.#modules.has(hash)) {
      const maps = this.#mapsOf(hash);
      this.#modules.set(hash, maps && new PositionMap(maps));
    }
    return this.#modules.get(hash);
  }
}

/** As V8 writes it: `name: message` of whatever object was given a stack, also where that is no error. */
function headline(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function functionName(site: NodeJS.CallSite): string | undefined {
  const name = site.getFunctionName() ?? site.getMethodName() ?? undefined;
  if (!name) return undefined;
  const type = site.isToplevel() ? undefined : site.getTypeName();
  const prefix = site.isConstructor() ? "new " : site.isAsync() ? "async " : "";
  return type && type !== "Object" && !name.includes(".") && !site.isConstructor()
    ? `${prefix}${type}.${name}`
    : `${prefix}${name}`;
}
