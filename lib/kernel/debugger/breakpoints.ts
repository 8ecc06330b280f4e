import type { Debugger } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { type CompileExpression, v8Condition } from "./condition.ts";
import type { Inspector } from "./inspector.ts";
import { type Stop, stopFor, stopsIn } from "./lines.ts";
import type { Script, Scripts } from "./scripts.ts";

interface Breakpoint {
  id: number;
  wanted: DebugProtocol.SourceBreakpoint;
  condition?: string;
  /** Where it really is, once that is known. */
  line: number;
  verified: boolean;
  message?: string;
  /** V8's names of it, one for each script that it is in. */
  bound: string[];
}

export interface BreakpointParts {
  compile: CompileExpression;
  /** Stops of a cell that has not run. */
  stopsAhead: (path: string) => Promise<Stop[] | undefined>;
  changed: (breakpoint: DebugProtocol.Breakpoint) => void;
}

/** Breakpoints as the front-end wants them, kept while executors come and go. */
export class Breakpoints {
  readonly #parts: BreakpointParts;
  readonly #bySource = new Map<string, Breakpoint[]>();
  #inspector: Inspector | undefined;
  #scripts: Scripts | undefined;
  #instrumentation: string | undefined;
  #nextId = 1;

  constructor(parts: BreakpointParts) {
    this.#parts = parts;
  }

  /** A new executor, in which none of them is bound. */
  async attach(inspector: Inspector, scripts: Scripts): Promise<void> {
    this.#inspector = inspector;
    this.#scripts = scripts;
    this.#instrumentation = undefined;
    for (const breakpoint of [...this.#bySource.values()].flat()) breakpoint.bound = [];
    await this.#watchNewScripts();
  }

  /** Replaces the breakpoints of a source. */
  async set(path: string, wanted: DebugProtocol.SourceBreakpoint[]): Promise<DebugProtocol.Breakpoint[]> {
    await this.#unbind(path);
    const breakpoints = await Promise.all(wanted.map((one) => this.#create(one)));
    if (breakpoints.length > 0) this.#bySource.set(path, breakpoints);
    await this.#watchNewScripts();
    const scripts = this.#scripts?.at(path) ?? [];
    for (const script of scripts) await this.bind(script);
    if (scripts.length === 0) this.#foresee(breakpoints, await this.#parts.stopsAhead(path));
    return breakpoints.map((breakpoint) => describe(breakpoint, path));
  }

  /** Sets those of the script's source in it. */
  async bind(script: Script): Promise<void> {
    const breakpoints = this.#bySource.get(script.path)?.filter(({ message }) => message === undefined) ?? [];
    if (breakpoints.length === 0) return;
    const stops = await this.stops(script.id, () => script.text());
    for (const breakpoint of breakpoints) await this.#bindOne(breakpoint, script, stops);
  }

  /** Where a script can stop. @param linesBefore lines of the script before the text */
  async stops(scriptId: string, text: Script["text"], linesBefore = 0): Promise<Stop[]> {
    const start = { scriptId, lineNumber: 0, columnNumber: 0 };
    type Found = Debugger.GetPossibleBreakpointsReturnType;
    const [{ locations }, written] = await Promise.all([
      (this.#inspector as Inspector).post<Found>("Debugger.getPossibleBreakpoints", { start }),
      text(),
    ]);
    const shifted = locations.map((at) => ({ ...at, lineNumber: at.lineNumber - linesBefore }));
    return stopsIn(written, shifted);
  }

  /** Our ids of V8's breakpoints. */
  hit(names: readonly string[]): number[] {
    const all = [...this.#bySource.values()].flat();
    return all.filter(({ bound }) => bound.some((name) => names.includes(name))).map(({ id }) => id);
  }

  list(): { source: string; breakpoints: DebugProtocol.SourceBreakpoint[] }[] {
    return [...this.#bySource].map(([source, breakpoints]) => ({
      source,
      breakpoints: breakpoints.map(({ wanted, line }) => ({ ...wanted, line })),
    }));
  }

  clear(): void {
    this.#bySource.clear();
  }

  /** While there are breakpoints V8 stops at the start of every new script, so that they are set before it runs. */
  async #watchNewScripts(): Promise<void> {
    const inspector = this.#inspector;
    if (!inspector) return;
    if (this.#bySource.size > 0 && this.#instrumentation === undefined) {
      const { breakpointId } = await inspector.post<{ breakpointId: string }>("Debugger.setInstrumentationBreakpoint", {
        instrumentation: "beforeScriptExecution",
      });
      this.#instrumentation = breakpointId;
    } else if (this.#bySource.size === 0 && this.#instrumentation !== undefined) {
      await inspector.post("Debugger.removeBreakpoint", { breakpointId: this.#instrumentation });
      this.#instrumentation = undefined;
    }
  }

  async #unbind(path: string): Promise<void> {
    const names = this.#bySource.get(path)?.flatMap(({ bound }) => bound) ?? [];
    this.#bySource.delete(path);
    for (const breakpointId of names) await this.#inspector?.post("Debugger.removeBreakpoint", { breakpointId });
  }

  async #create(wanted: DebugProtocol.SourceBreakpoint): Promise<Breakpoint> {
    const breakpoint = { id: this.#nextId++, wanted, line: wanted.line, verified: false, bound: [] };
    try {
      return { ...breakpoint, condition: await v8Condition(wanted, breakpoint.id, this.#parts.compile) };
    } catch (error) {
      return { ...breakpoint, message: (error as Error).message };
    }
  }

  async #bindOne(breakpoint: Breakpoint, script: Script, stops: Stop[]): Promise<void> {
    const { wanted, condition, line, verified } = breakpoint;
    const stop = stopFor(stops, wanted.line, wanted.column);
    if (!stop) return;
    const options = { location: { scriptId: script.id, ...stop.at }, condition };
    const name = await this.#setInV8(options);
    if (name !== undefined) breakpoint.bound.push(name);
    breakpoint.verified = true;
    breakpoint.line = stop.line;
    if (!verified || line !== stop.line) this.#parts.changed(describe(breakpoint, script.path));
  }

  /** V8 refuses a second breakpoint in one place, where two lines of the user lead to one; the first one serves both. */
  async #setInV8(options: object): Promise<string | undefined> {
    try {
      const set = (this.#inspector as Inspector).post<{ breakpointId: string }>("Debugger.setBreakpoint", options);
      return (await set).breakpointId;
    } catch (error) {
      if (/already exists/.test((error as Error).message)) return undefined;
      throw error;
    }
  }

  #foresee(breakpoints: Breakpoint[], stops: Stop[] | undefined): void {
    for (const breakpoint of breakpoints) {
      if (breakpoint.message !== undefined) continue;
      const stop = stops && stopFor(stops, breakpoint.wanted.line, breakpoint.wanted.column);
      breakpoint.verified = stop !== undefined;
      breakpoint.line = stop?.line ?? breakpoint.line;
    }
  }
}

function describe({ id, line, verified, message }: Breakpoint, path: string): DebugProtocol.Breakpoint {
  return { id, verified, line, source: { path }, ...(message === undefined ? {} : { message }) };
}
