import { inspect } from "node:util";
import { KeyboardInterrupt } from "./interrupt.ts";

/** A value as text. A value whose own code fails while it is shown costs its text, not the cell; an interrupt does. */
export function textOf(value: unknown): string {
  try {
    return inspect(value);
  } catch (error) {
    if (error instanceof KeyboardInterrupt) throw error;
    return `[a value that cannot be shown: ${messageOf(error)}]`;
  }
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return "its code throws";
  }
}

/** Under these names Node notes on every promise which code made it, where asynchronous contexts are tracked so. */
const NOTES = new Set(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore", "destroyed"]);

/** Lets promises be shown without Node's notes on them. */
export function tidyPromises(): void {
  const value = function (this: Promise<unknown>, _depth: number, options: object): string {
    const notes = Object.getOwnPropertySymbols(this).filter((symbol) => NOTES.has(symbol.description ?? ""));
    const kept = notes.map((symbol) => Object.getOwnPropertyDescriptor(this, symbol) as PropertyDescriptor);
    for (const symbol of notes) Reflect.deleteProperty(this, symbol);
    // Hides this very method, so that the promise is shown by Node's own.
    Object.defineProperty(this, inspect.custom, { value: undefined, configurable: true });
    try {
      return inspect(this, options);
    } finally {
      Reflect.deleteProperty(this, inspect.custom);
      for (const [i, symbol] of notes.entries()) Object.defineProperty(this, symbol, kept[i]);
    }
  };
  Object.defineProperty(Promise.prototype, inspect.custom, { value, configurable: true, writable: true });
}
