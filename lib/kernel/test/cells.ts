import assert from "node:assert/strict";
import type { KernelClient } from "./client.ts";

/** A cell, and its value as text; a pattern for the error that it must end with; nothing if it must run. */
export type Row = [code: string, expected?: string | RegExp];

/** Runs cells one after the other where nobody watches, so that type errors count. */
export async function runRows(kernel: KernelClient, rows: Row[]): Promise<void> {
  for (const [code, expected] of rows) {
    const { result, traceback } = await kernel.execute(code, { allow_stdin: false });
    if (expected instanceof RegExp) assert.match(traceback, expected, code);
    else {
      assert.equal(traceback, "", code);
      if (expected !== undefined) assert.equal(result, expected, code);
    }
  }
}
