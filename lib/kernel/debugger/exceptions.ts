import type { Debugger, Runtime } from "node:inspector";
import type { Guard } from "../protocol/language.ts";
import type { UserFrame } from "./frames.ts";
import type { V8Position } from "./script-text.ts";
import type { Scripts } from "./scripts.ts";
import { show } from "./values.ts";

type Handler = "try" | "promise";

/** What was thrown. */
export interface Exception {
  name: string;
  text: string;
  uncaught: boolean;
}

export interface ExceptionParts {
  scripts: Scripts;
  /** Where running code handles errors. */
  guards: (js: string) => Promise<Guard[]>;
  /** The running text of any script, also of Node's. */
  source: (scriptId: string) => Promise<string>;
  wantsAll: () => boolean;
}

/**
 * Tells which exceptions a person wants to see. V8's word on what is uncaught cannot be used as it is: the kernel waits
 * for every cell, and V8 takes that for a handler of all that happens after a cell's first await. On the other hand it
 * does not see handlers that a promise is given after it was rejected.
 */
export class Exceptions {
  readonly #parts: ExceptionParts;
  /** By script. */
  readonly #known = new Map<string, Promise<Guard[]>>();

  constructor(parts: ExceptionParts) {
    this.#parts = parts;
  }

  /** Node's own code throws and catches much that nobody needs to see, and an interrupt is no error. */
  async concernsUser(event: Debugger.PausedEventDataType, frames: UserFrame[]): Promise<boolean> {
    const { name, uncaught } = exceptionOf(event);
    const last = frames.at(-1);
    if (name === "KeyboardInterrupt" || !last) return false;
    if (this.#parts.wantsAll()) return uncaught || frames[0].call === event.callFrames[0];
    const calls = event.callFrames.slice(0, event.callFrames.indexOf(last.call) + 1);
    const awaiting = waitingPlaces(event).filter(({ scriptId }) => this.#parts.scripts.get(scriptId));
    const places = [...calls.map(({ location }) => location), ...awaiting];
    return !(await this.#isHandled(places, uncaught ? ["promise"] : ["try", "promise"]));
  }

  /** Whether any function on the way has such a handler, among those that called and those that await. */
  async #isHandled(places: Debugger.Location[], handlers: Handler[]): Promise<boolean> {
    for (const { scriptId, ...at } of places) {
      if (handles(await this.#guardsOf(scriptId), at, handlers)) return true;
    }
    return false;
  }

  #guardsOf(scriptId: string): Promise<Guard[]> {
    const { scripts, guards, source } = this.#parts;
    const text = async () => (await scripts.get(scriptId)?.text())?.js ?? source(scriptId);
    const known = this.#known.get(scriptId) ?? text().then(guards);
    this.#known.set(scriptId, known);
    return known;
  }
}

function handles(guards: Guard[], at: V8Position, handlers: Handler[]): boolean {
  const around = guards.filter(({ start, end }) => isBefore(start, at) && isBefore(at, end));
  const inner = around.find(({ kind }) => kind === "function" || handlers.includes(kind));
  return inner !== undefined && inner.kind !== "function";
}

/** The user's functions that wait for what runs, the innermost first. */
export function waitingPlaces({ asyncStackTrace }: Debugger.PausedEventDataType): Debugger.Location[] {
  const places: Runtime.CallFrame[] = [];
  for (let stack = asyncStackTrace; stack; stack = stack.parent) places.push(...stack.callFrames);
  return places.map(({ scriptId, lineNumber, columnNumber }) => ({ scriptId, lineNumber, columnNumber }));
}

export function isBefore(a: V8Position, b: V8Position): boolean {
  return (
    a.lineNumber < b.lineNumber || (a.lineNumber === b.lineNumber && (a.columnNumber ?? 0) <= (b.columnNumber ?? 0))
  );
}

interface Several {
  reasons?: { reason: string; auxData?: object }[];
}

export function reasonsOf({ reason, data }: Debugger.PausedEventDataType): Set<string> {
  const several = (data as Several | undefined)?.reasons;
  return new Set(reason === "ambiguous" && several ? several.map((one) => one.reason) : [reason]);
}

export function exceptionOf({ data, reason }: Debugger.PausedEventDataType): Exception {
  const several = (data as Several | undefined)?.reasons;
  const thrown = (reason === "ambiguous" ? several?.find(({ auxData }) => auxData)?.auxData : data) as
    | (Runtime.RemoteObject & { uncaught?: boolean })
    | undefined;
  if (!thrown) return { name: "Error", text: "", uncaught: true };
  return { name: thrown.className ?? thrown.type, text: show(thrown).value, uncaught: thrown.uncaught !== false };
}
