import { inspect } from "node:util";
import type { Bundle } from "../protocol/executor.ts";

export type { Bundle };

import { currentCell, send } from "./channel.ts";
import { KeyboardInterrupt } from "./interrupt.ts";
import { textOf } from "./text.ts";

/** Deno's convention, too: a method of this name returns what Jupyter shall show for the object. */
export const DISPLAY = Symbol.for("Jupyter.display");

export interface DisplayOptions {
  /** Names the output, so that it can be replaced later. */
  displayId?: string;
  /** Replaces the output named `displayId` instead of adding one. */
  update?: boolean;
  metadata?: Record<string, unknown>;
}

/** A cell's value -> MIME bundle. @throws TypeError if the value's own display method returns no bundle */
export async function bundleOf(value: unknown): Promise<Bundle> {
  const method = displayMethod(value);
  if (!method) return { "text/plain": textOf(value) };
  const bundle: unknown = await method.call(value);
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(`[Symbol.for("Jupyter.display")]() must return a MIME bundle, not ${inspect(bundle)}`);
  }
  return encodeBinary(bundle as Bundle);
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  try {
    const method = (value as Record<symbol, unknown>)[DISPLAY];
    return typeof method === "function" ? (method as () => unknown) : undefined;
  } catch (error) {
    if (error instanceof KeyboardInterrupt) throw error;
    // A proxy or getter that throws has no way of its own to be shown.
    return undefined;
  }
}

/** Bytes travel as base64, as the messaging specification asks for images. */
function encodeBinary(bundle: Bundle): Bundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, data]) => [
      type,
      data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data,
    ]),
  );
}

export function display(bundle: Bundle, { displayId, update = false, metadata = {} }: DisplayOptions = {}): void {
  send({ type: "display", cell: currentCell(), data: encodeBinary(bundle), metadata, displayId, update });
}

/** Removes the cell's output so far; with `wait`, only when the next output arrives, which avoids flicker. */
export function clearOutput(wait = false): void {
  send({ type: "clear", cell: currentCell(), wait });
}
