import { randomUUID } from "node:crypto";
import { Progress, type ProgressOptions, type ProgressStream } from "../util/progress.ts";
import { frontend, inNotebook } from "./frontend.ts";

/** A "terminal" whose one line is a notebook output that is redrawn in place. */
function outputLine(): ProgressStream {
  const displayId = randomUUID();
  let shown = false;
  return {
    isTTY: true,
    write(text) {
      const line = text.replace("\r\u001b[2K", "");
      if (line === "\n") return;
      frontend().display({ "text/plain": line }, { displayId, update: shown });
      shown = true;
    },
  };
}

/** A progress bar: one output redrawn in place in a notebook, standard error elsewhere. */
export function progress(label: string, total: number, options: ProgressOptions = {}): Progress {
  return new Progress(label, total, 0, inNotebook() ? { stream: outputLine(), ...options } : options);
}

/** Runs over `items` and shows how far it is: `for (const seed of track("scenes", seeds)) ...` */
export function* track<T>(label: string, items: readonly T[], unit = "items"): Generator<T, void, void> {
  const bar = progress(label, items.length, { unit });
  try {
    for (const item of items) {
      yield item;
      bar.advance();
    }
  } finally {
    bar.finish();
  }
}
