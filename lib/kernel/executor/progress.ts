import { randomUUID } from "node:crypto";
import { currentCell, origin } from "./channel.ts";
import { now } from "./clock.ts";
import { display } from "./display.ts";

/** Between two updates of the same bar; a loop may report far more often. */
const UPDATE_MS = 100;

type State = "running" | "done" | "interrupted" | "failed";

/** Bars of the running cell: when it ends early, they say where they stopped instead of pretending to go on. */
const open = new Map<number, Set<Progress>>();

export function endProgress(cell: number, interrupted: boolean): void {
  for (const bar of open.get(cell) ?? []) bar.stop(interrupted ? "interrupted" : "failed");
  open.delete(cell);
}

/** A progress bar in the cell's output; one output, updated in place. */
export class Progress {
  readonly #displayId = randomUUID();
  readonly #cell = currentCell();
  readonly #total: number;
  #text: string;
  #done = 0;
  #shownAt = 0;
  #state: State = "running";

  /** @param total number of steps, at least 1 */
  constructor(total: number, text = "") {
    if (!(total >= 1)) throw new RangeError(`a progress bar needs at least one step, not ${total}`);
    this.#total = total;
    this.#text = text;
    open.set(this.#cell, (open.get(this.#cell) ?? new Set()).add(this));
    this.#show(false);
  }

  get done(): number {
    return this.#done;
  }

  set(done: number, text = this.#text): void {
    this.#done = Math.max(0, Math.min(done, this.#total));
    this.#text = text;
    if (this.#done === this.#total) this.stop("done");
    else if (now() - this.#shownAt > UPDATE_MS) this.#show(true);
  }

  stop(state: State): void {
    if (this.#state !== "running") return;
    this.#state = state;
    open.get(this.#cell)?.delete(this);
    this.#show(true);
  }

  #show(update: boolean): void {
    this.#shownAt = now();
    const note = this.#state === "running" || this.#state === "done" ? "" : ` (${this.#state})`;
    const plain = `${this.#done}/${this.#total}${note}${this.#text && ` ${this.#text}`}`;
    const bar = `<progress value="${this.#done}" max="${this.#total}"></progress>`;
    const bundle = { "text/html": `<div>${bar} ${escapeHtml(plain)}</div>`, "text/plain": plain };
    origin.run(this.#cell, () => display(bundle, { displayId: this.#displayId, update }));
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
