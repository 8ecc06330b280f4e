import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodePng } from "../lib/display/media/png.ts";

/** Anti-aliasing may differ by a rounding between machines; a moved line or letter differs by far more. */
const SAME_CHANNEL = 10;
const SAME_SHARE = 0.0002;

function differs(actual: Uint8Array, expected: Uint8Array): string | undefined {
  const [a, b] = [decodePng(actual), decodePng(expected)];
  if (a.width !== b.width || a.height !== b.height) return `is ${a.width}x${a.height}, not ${b.width}x${b.height}`;
  const off = a.pixels.filter((value, i) => Math.abs(value - b.pixels[i]) > SAME_CHANNEL).length;
  return off > SAME_SHARE * a.pixels.length ? `differs in ${off} of ${a.pixels.length} channels` : undefined;
}

/**
 * Compares a picture with the committed one. On a difference the new one is written beside it as `NAME-changed.png`:
 * look at both, and rename it if it is right.
 *
 * @param folder the folder of the committed pictures
 */
export function expectPicture(folder: string, name: string, png: Uint8Array): void {
  const [expected, changed] = [join(folder, `${name}.png`), join(folder, `${name}-changed.png`)];
  const problem = existsSync(expected) ? differs(png, readFileSync(expected)) : "is not committed yet";
  if (problem) writeFileSync(changed, png);
  else rmSync(changed, { force: true });
  assert.ok(!problem, `the picture ${name} ${problem}; see ${changed}`);
}
