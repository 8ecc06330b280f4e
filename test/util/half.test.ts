import assert from "node:assert/strict";
import fc from "fast-check";
import { fromHalf, toHalf } from "../../lib/util/half.ts";

const finite = fc.double({ min: -65504, max: 65504, noNaN: true });

describe("16-bit floats", () => {
  // Values of the format itself (IEEE 754-2008, binary16).
  it("known bit patterns", () => {
    const known: [number, number][] = [
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [1 / 3, 0x3555],
      [-0, 0x8000],
    ];
    for (const [value, half] of known) assert.equal(toHalf(value), half, String(value));
  });

  it("every finite pattern survives the round trip", () => {
    for (let half = 0; half < 0x10000; half++) {
      if ((half & 0x7c00) !== 0x7c00) assert.equal(toHalf(fromHalf(half)), half);
    }
  });

  it("rounds to the nearest: no neighbouring pattern is nearer", () => {
    fc.assert(
      fc.property(finite, (value) => {
        const half = toHalf(value);
        const distance = Math.abs(fromHalf(half) - Math.fround(value));
        for (const near of [half - 1, half + 1]) {
          const other = fromHalf(near & 0xffff);
          if (Number.isFinite(other)) assert.ok(distance <= Math.abs(other - Math.fround(value)));
        }
      }),
    );
  });

  it("refuses what it cannot hold", () => {
    for (const value of [65505, -1e6, Number.NaN, Number.POSITIVE_INFINITY])
      assert.throws(() => toHalf(value), RangeError);
  });
});
