import { inspect } from "node:util";
import { isDisplayable, JUPYTER_DISPLAY, type MimeBundle } from "./bundle.ts";
import { type DisplayOptions, frontend } from "./frontend.ts";

/** How a value shows: by its own bundle if it has one, else as the text Node prints for it. */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (isDisplayable(value)) return value[JUPYTER_DISPLAY]();
  return { "text/plain": typeof value === "string" ? value : inspect(value) };
}

/**
 * Shows a value now, in the middle of a cell; in a terminal its text. Await it: some values (videos) take time to prepare.
 * @example
 * ```ts
 * import { display, table } from "worldcompass";
 * await display(table([{ model: "base", psnr: 20.5 }]));
 * ```
 */
export async function display(value: unknown, options: DisplayOptions = {}): Promise<void> {
  const bundle = bundleOf(value);
  frontend().display(bundle instanceof Promise ? await bundle : bundle, options);
}

/** Replaces what `display(..., { displayId })` showed, wherever it is on the page. */
export async function updateDisplay(displayId: string, value: unknown): Promise<void> {
  await display(value, { displayId, update: true });
}

/** Empties the cell's output; with `wait`, only when the next output arrives, so that nothing flickers. */
export function clearOutput({ wait = false }: { wait?: boolean } = {}): void {
  frontend().clearOutput(wait);
}
