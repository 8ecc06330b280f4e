import type { Debugger } from "node:inspector";
import type { UserFrame } from "./frames.ts";
import type { Inspector } from "./inspector.ts";
import type { Script } from "./scripts.ts";

export type StepKind = "next" | "stepIn" | "stepOut";

const COMMANDS = { next: "Debugger.stepOver", stepIn: "Debugger.stepInto", stepOut: "Debugger.stepOut" } as const;

interface Origin extends StepStart {
  line: number | undefined;
}

/** Where a step begins, and which functions wait for the one it begins in. */
export interface StepStart {
  frame: UserFrame;
  /** Where user code called the function; empty if the event loop did. */
  callers: Debugger.Location[];
  /** The user's function that awaits this one: where it goes on. */
  awaitedBy: Debugger.Location | undefined;
}

/**
 * One step of the person at the debugger, which may take many of V8's: code of Node, of the kernel and of packages is
 * left again, and what the kernel put into the user's code is passed over.
 */
export class Step {
  readonly #inspector: Inspector;
  readonly #kind: StepKind;
  readonly #origin: Origin;
  readonly #skipPackages: boolean;
  readonly #stopsFrom: StopsFrom;
  /** Breakpoints in the function of the step, for when V8 loses sight of it. */
  #net: string[] = [];
  #left = false;

  constructor(inspector: Inspector, kind: StepKind, start: StepStart, skipPackages: boolean, stopsFrom: StopsFrom) {
    this.#inspector = inspector;
    this.#kind = kind;
    this.#origin = { ...start, line: start.frame.at?.line };
    this.#skipPackages = skipPackages;
    this.#stopsFrom = stopsFrom;
  }

  async start(): Promise<void> {
    if (this.#kind === "stepOut" && this.#origin.callers.length === 0) await this.goOnLater();
    else await this.#go(this.#kind);
  }

  /** V8 has paused. Goes on if this is no place to stop; returns whether it did. */
  async goesOn(calls: Debugger.CallFrame[], frames: UserFrame[]): Promise<boolean> {
    const top = frames[0];
    const isTop = top !== undefined && top.call === calls[0] && !this.#skips(top.script);
    if (!isTop) await this.#leave(frames);
    else if (!top.at) await this.#go("next");
    else if (this.#isOrigin(top) && (this.#left || top.call.returnValue)) await this.#again();
    else return false;
    return true;
  }

  /** Takes away what the step has set. */
  async end(): Promise<void> {
    const names = this.#net;
    this.#net = [];
    for (const breakpointId of names) await this.#inspector.post("Debugger.removeBreakpoint", { breakpointId });
  }

  #skips({ kind }: Script): boolean {
    return this.#skipPackages && kind === "package";
  }

  #isOrigin({ script, at, depth }: UserFrame): boolean {
    const { frame, line } = this.#origin;
    return script === frame.script && at?.line === line && depth === frame.depth;
  }

  async #again(): Promise<void> {
    this.#left = false;
    await this.#go(this.#kind);
  }

  /** Out of foreign code: back to the user's code that called it, if there is any. */
  async #leave(frames: UserFrame[]): Promise<void> {
    this.#left = true;
    if (frames.some(({ script }) => !this.#skips(script))) await this.#go("stepOut");
    else await this.goOnLater();
  }

  /** V8 has forgotten the step: it goes on where control comes back to the function or to one that waits for it. */
  async goOnLater(): Promise<void> {
    const { frame, callers, awaitedBy } = this.#origin;
    const own = this.#kind === "stepOut" ? [] : [frame.call.location];
    const places = [...own, ...callers, ...(awaitedBy ? [awaitedBy] : [])];
    if (this.#net.length === 0) for (const place of places) await this.#spread(place);
    await this.#inspector.post("Debugger.resume");
  }

  async #spread(from: Debugger.Location): Promise<void> {
    for (const location of await this.#stopsFrom(from)) {
      const set = this.#inspector.post<{ breakpointId: string }>("Debugger.setBreakpoint", { location });
      const name = await set.then(({ breakpointId }) => breakpointId).catch(alreadyThere);
      if (name !== undefined) this.#net.push(name);
    }
  }

  async #go(kind: StepKind): Promise<void> {
    await this.#inspector.post(COMMANDS[kind]);
  }
}

/** The user's own stops of the function around a location, from there on. */
export type StopsFrom = (from: Debugger.Location) => Promise<Debugger.Location[]>;

/** A breakpoint of the user's in the same place does as well. */
function alreadyThere(error: Error): undefined {
  if (!/already exists/.test(error.message)) throw error;
  return undefined;
}
