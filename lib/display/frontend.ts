import type { MimeBundle } from "./bundle.ts";

export interface DisplayOptions {
  /** Names the output, so that it can be replaced later. */
  displayId?: string;
  /** Replace the output of that name instead of adding one. */
  update?: boolean;
  metadata?: Record<string, unknown>;
}

/** What shows output: a notebook kernel, or outside of notebooks the terminal. */
export interface Frontend {
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  clearOutput(wait: boolean): void;
}

const NOTEBOOK = Symbol.for("typebook.jupyter");

/** Writes the plain text; a terminal's past output cannot be cleared. */
const terminal: Frontend = {
  display: (bundle) => void process.stdout.write(`${bundle["text/plain"]}\n`),
  clearOutput: () => {},
};

/** Notebook kernels put their output channel on `globalThis` under the symbol `typebook.jupyter`. */
export function frontend(): Frontend {
  return (globalThis as { [NOTEBOOK]?: Frontend })[NOTEBOOK] ?? terminal;
}

/** Whether this code runs inside a notebook kernel. */
export function inNotebook(): boolean {
  return NOTEBOOK in globalThis;
}
