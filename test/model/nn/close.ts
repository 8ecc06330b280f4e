import assert from "node:assert/strict";

/** The largest difference is at most `tolerance` times the largest expected value, or times `scale` where given. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "values",
  scale = Array.from(expected, Math.abs).reduce((a, b) => Math.max(a, b), 0),
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  const worst = Array.from(actual, (a, i) => Math.abs(a - expected[i])).reduce((a, b) => (b <= a ? a : b), 0);
  assert.ok(worst <= tolerance * scale, `${what}: off by ${worst}, allowed ${tolerance * scale}`);
}
