import type { CellMaps, ErrorReport, PathPart } from "./executor.ts";

/** What the front process and the language process say to each other. Cursors are UTF-16 offsets. */

export const FD = { requests: 3, responses: 4 } as const;

export interface Prepared {
  js: string;
  maps: CellMaps;
  hasValue: boolean;
  /** Names that it declares. */
  declares: string[];
}

export interface Completion {
  matches: string[];
  start: number;
  end: number;
  types: { text: string; type: string; start: number; end: number }[];
  /** What stands before the dot, where its type says little: the value itself knows more. */
  live?: PathPart[];
  /** It stands before a bracket and a quote, in which any name may be. */
  isKey?: boolean;
}

export type Completeness = { status: "complete" | "invalid" | "unknown" } | { status: "incomplete"; indent: string };

/** A range of running code, lines and columns from 0. */
export interface Guard {
  start: { lineNumber: number; columnNumber: number };
  end: { lineNumber: number; columnNumber: number };
  /** What handles errors inside; or a function, beyond which that is its caller's business. */
  kind: "try" | "promise" | "function";
}

/** Methods of the language process: name -> [arguments, result]. */
export interface LanguageMethods {
  /** Compiles a cell and, if it parses, makes its names known to later cells. */
  prepare: [
    { cell: number; label: string; code: string; debugged?: boolean },
    { prepared: Prepared } | { error: ErrorReport },
  ];
  /** Type errors of a prepared cell; undefined when there are none. Where they block it, its names are forgotten. */
  check: [{ cell: number; mode: "block" | "show" | "off" }, ErrorReport | undefined];
  /** Compiles code that leaves its value where a cell's goes, without making its names known. */
  expression: [{ code: string }, { js: string; maps: CellMaps } | { error: ErrorReport }];
  /** Where running code handles errors, from the inner places to the outer ones. */
  guards: [{ js: string }, Guard[]];
  complete: [{ code: string; cursor: number }, Completion];
  inspect: [{ code: string; cursor: number; detail: number }, { plain: string; markdown: string } | undefined];
  /** Those of a module's names that are types alone. */
  typesAmong: [{ specifier: string; names: string[] }, string[]];
  isComplete: [{ code: string }, Completeness];
  /** Forgets a cell that was prepared but did not run. */
  forget: [{ cell: number }, undefined];
  /** Forgets every cell: the executor and its state were replaced. */
  reset: [Record<string, never>, undefined];
}

export type Method = keyof LanguageMethods;

export interface Request<M extends Method = Method> {
  id: number;
  method: M;
  argument: LanguageMethods[M][0];
}

export type Response = { id: number; result: unknown } | { id: number; failure: string };
