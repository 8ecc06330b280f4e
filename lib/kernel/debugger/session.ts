import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CellMaps, ErrorReport } from "../protocol/executor.ts";
import type { Guard } from "../protocol/language.ts";
import { PositionMap } from "../transform/compose.ts";
import { Breakpoints } from "./breakpoints.ts";
import { Exceptions } from "./exceptions.ts";
import type { Inspector } from "./inspector.ts";
import type { Stop } from "./lines.ts";
import { Pauses, THREAD } from "./pauses.ts";
import { ScriptText } from "./script-text.ts";
import { type ScriptPlaces, skippedUrls } from "./scripts.ts";
import { Target } from "./target.ts";
import { Variables } from "./variables.ts";

export interface SessionPlaces extends ScriptPlaces {
  /** Code of a cell or expression, compiled, without making its names known. */
  compile: (code: string) => Promise<{ js: string; maps: CellMaps } | { error: ErrorReport }>;
  /** Where a script's running text handles errors. */
  guards: (js: string) => Promise<Guard[]>;
  /** Makes a name known to the type checker. */
  declare: (name: string) => Promise<void>;
}

export interface SessionParts extends SessionPlaces {
  inspector: (notified: (method: string, params: object) => void) => Inspector;
  publish: (event: string, body?: object) => void;
  interrupt: () => void;
}

export type ExceptionFilter = "uncaught" | "all";

interface Attached {
  target: Target;
  pauses: Pauses;
  variables: Variables;
}

/** What one debugger wants, from its `initialize` to its `disconnect`, over the lives of several executors. */
export class Session {
  readonly parts: SessionParts;
  readonly breakpoints: Breakpoints;
  /** Texts of cells by path, as the front-end has told them. */
  readonly dumped = new Map<string, string>();
  client: DebugProtocol.InitializeRequestArguments | undefined;
  justMyCode = true;
  #filters: ExceptionFilter[] = [];
  #attached: Attached | undefined;
  #changes: Promise<void> = Promise.resolve();

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.breakpoints = new Breakpoints({
      compile: (code) => this.compile(code),
      stopsAhead: (path) => this.#stopsAhead(path),
      changed: (breakpoint) => parts.publish("breakpoint", { reason: "changed", breakpoint }),
    });
  }

  get pauses(): Pauses | undefined {
    return this.#attached?.pauses;
  }

  get isStarted(): boolean {
    return this.#attached !== undefined;
  }

  /** @throws Error before `initialize` and after `disconnect` */
  get attached(): Attached {
    if (!this.#attached) throw new Error("the debugger has not been started: send initialize first");
    return this.#attached;
  }

  /** A front-end may start it twice at once, as JupyterLab does after a restart of the kernel. */
  start(client: DebugProtocol.InitializeRequestArguments): Promise<void> {
    return this.#oneByOne(async () => {
      this.client = client;
      if (!this.#attached) await this.#attach();
    });
  }

  stop(): Promise<void> {
    return this.#oneByOne(async () => {
      const { target, pauses } = this.attached;
      this.#attached = undefined;
      this.breakpoints.clear();
      this.#filters = [];
      await target.detach();
      pauses.onResumed();
    });
  }

  executorReplaced(): Promise<void> {
    return this.#oneByOne(async () => {
      if (!this.#attached) return;
      this.#attached.pauses.onResumed();
      await this.#attach();
    });
  }

  /** Beginnings and ends do not overlap. */
  #oneByOne(work: () => Promise<void>): Promise<void> {
    const done = this.#changes.then(work);
    this.#changes = done.catch(() => {});
    return done;
  }

  async setFilters(filters: ExceptionFilter[]): Promise<void> {
    this.#filters = filters;
    await this.#applyFilters(this.attached.target);
  }

  async skipPackages(skip: boolean): Promise<void> {
    this.justMyCode = skip;
    await this.#applySkipping(this.attached.target);
  }

  /** The text of a cell that was told or has run. */
  textOf(path: string): string | undefined {
    return this.dumped.get(path) ?? this.parts.cells.textAt(path);
  }

  /** TypeScript -> JavaScript. @throws Error with the compiler's words */
  async compile(code: string): Promise<string> {
    const compiled = await this.parts.compile(code);
    if ("error" in compiled) throw new Error(compiled.error.traceback.join("\n"));
    return compiled.js;
  }

  async #attach(): Promise<void> {
    const { parts, breakpoints } = this;
    const target: Target = new Target(parts.inspector, parts, {
      paused: (event) => void pauses.onPaused(event).catch((error: Error) => this.#failed(error)),
      resumed: () => {
        variables.clear();
        pauses.onResumed();
      },
    });
    const pauses = new Pauses({
      ...{ target, breakpoints, skipPackages: () => this.justMyCode },
      exceptions: new Exceptions({
        ...{ scripts: target.scripts, guards: parts.guards, source: (id) => target.source(id) },
        wantsAll: () => this.#filters.includes("all"),
      }),
      stopped: (body) => parts.publish("stopped", body),
      continued: () => parts.publish("continued", { threadId: THREAD, allThreadsContinued: true }),
    });
    await target.attach();
    const variables = new Variables(target.inspector, target.debuggee);
    await this.#applySkipping(target);
    await this.#applyFilters(target);
    await breakpoints.attach(target.inspector, target.scripts);
    this.#attached = { target, pauses, variables };
  }

  /** What V8 takes for caught may not be: see exceptions.ts. */
  async #applyFilters(target: Target): Promise<void> {
    const state = this.#filters.length > 0 ? "all" : "none";
    await target.inspector.post("Debugger.setPauseOnExceptions", { state });
  }

  async #applySkipping(target: Target): Promise<void> {
    const patterns = skippedUrls(this.parts, this.justMyCode);
    await target.inspector.post("Debugger.setBlackboxPatterns", { patterns });
  }

  /** Never leaves the executor paused without anybody knowing. */
  async #failed(error: Error): Promise<void> {
    this.parts.publish("output", { category: "stderr", output: `debugger: ${error.message}\n` });
    await this.#attached?.target.inspector.post("Debugger.resume").catch(() => {});
  }

  /** Where a cell that has not run will be able to stop: V8 compiles it, wrapped in a function, and runs nothing. */
  async #stopsAhead(path: string): Promise<Stop[] | undefined> {
    const code = this.textOf(path);
    const compiled = code === undefined ? undefined : await this.parts.compile(code);
    if (code === undefined || !compiled || "error" in compiled) return undefined;
    const { inspector } = this.attached.target;
    const text = new ScriptText({ js: compiled.js, written: code, map: new PositionMap(compiled.maps) });
    await inspector.post("Runtime.enable");
    const expression = `async () => {\n${compiled.js}\n}`;
    const { scriptId } = await inspector.post<{ scriptId?: string }>("Runtime.compileScript", {
      ...{ expression, sourceURL: "", persistScript: true },
    });
    const stops = scriptId === undefined ? undefined : await this.breakpoints.stops(scriptId, async () => text, 1);
    await inspector.post("Runtime.disable");
    return stops;
  }
}
