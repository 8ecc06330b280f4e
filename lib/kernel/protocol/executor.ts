/** What the front process and the executor say to each other. `cell` is the sequence number of an execution. */

/** MIME type -> data. */
export type Bundle = Record<string, unknown>;

export interface ErrorReport {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** How to get from a line and column of the running code back to the cell's. */
export interface CellMaps {
  /** Source map of the TypeScript emit, JSON. */
  emit: string;
  /** Source map of the edits made before it, JSON; absent when there were none. */
  edits?: string;
}

export interface RunCommand {
  type: "run";
  cell: number;
  /** Shown in tracebacks as `In [label]`. */
  label: string;
  js: string;
  maps: CellMaps;
  hasValue: boolean;
  /** Names that it declares. */
  declares: string[];
  /** Whether somebody can answer a prompt. */
  allowInput: boolean;
}

export interface Expression {
  name: string;
  js?: string;
  /** Set instead of `js` when the expression does not compile. */
  error?: ErrorReport;
}

export interface CommMessage {
  type: "comm";
  event: "open" | "message" | "close";
  id: string;
  target?: string;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  /** Number of the front-end's message: what is sent while it is handled answers it. */
  request?: number;
}

/** Front -> executor, file descriptor 4, read by the main thread. */
export type Command =
  | RunCommand
  | { type: "expressions"; cell: number; expressions: Expression[] }
  /** Answers `missing`: those of the names that are types. */
  | { type: "types"; id: number; names: string[] }
  /** Asks for the `members` of what a path leads to. */
  | { type: "members"; id: number; path: PathPart[] }
  | CommMessage;

/** A name, then properties of what it holds: `data.users[0]` is `["data", "users", 0]`. */
export type PathPart = string | number;

/** Front -> executor, file descriptor 5, `upTo` being the last cell that must stop; read by the control thread, which answers while the main thread computes. */
export type Control = { type: "interrupt"; upTo: number } | { type: "input"; value: string } | { type: "debug" };

export type ExpressionResult =
  | { status: "ok"; data: Bundle; metadata: Record<string, unknown> }
  | ({ status: "error" } & ErrorReport);

/** Executor -> front, file descriptor 3. */
export type Event =
  | { type: "ready" }
  | { type: "stream"; cell: number; name: "stdout" | "stderr"; text: string }
  | {
      type: "display";
      cell: number;
      data: Bundle;
      metadata: Record<string, unknown>;
      displayId?: string;
      update: boolean;
    }
  | { type: "clear"; cell: number; wait: boolean }
  | { type: "result"; cell: number; data: Bundle; metadata: Record<string, unknown> }
  | { type: "input"; cell: number; prompt: string; password: boolean }
  | { type: "acknowledged" }
  | { type: "done"; cell: number; error?: ErrorReport }
  /** A module lacks these names: are they types? */
  | { type: "missing"; cell: number; id: number; specifier: string; names: string[] }
  | { type: "members"; id: number; names: string[] }
  | { type: "expressions"; cell: number; results: Record<string, ExpressionResult> }
  | (CommMessage & { cell: number })
  | { type: "commHandled"; request: number };

/** `debug` carries the inspector's messages in both directions, once a control message has asked for that. */
export const FD = { events: 3, commands: 4, control: 5, debug: 6 } as const;

/** The executor writes these to its stdout and stderr when a cell ends, so that native output is known to be over. */
export function endMark(cell: number): string {
  return `\u0000\u0001end ${cell}\u0001\u0000`;
}
export const END_MARK = new RegExp(endMark(0).replace("0\u0001", "(\\d+)\u0001"));
