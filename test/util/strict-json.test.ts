import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonText } from "../../lib/util/strict-json.ts";

describe("strict JSON", () => {
  it("is what JSON.stringify writes, of all that JSON can hold", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        assert.equal(jsonText(value), JSON.stringify(value));
      }),
    );
    assert.equal(jsonText({ a: undefined, b: new Date(0) }), '{"b":"1970-01-01T00:00:00.000Z"}');
  });

  it("names what would silently become null or nothing", () => {
    const circle: { inner?: unknown } = {};
    circle.inner = circle;
    const lost: [unknown, RegExp][] = [
      [Number.NaN, /the value is NaN/],
      [{ a: { b: [1, Infinity] } }, /a\.b\.1 is Infinity/],
      [{ a: Float32Array.of(0, Number.NaN) }, /a\.1 is NaN/],
      [[1, undefined], /1 is undefined/],
      [[() => 1], /0 is function/],
      [{ a: () => 1 }, /a is function/],
      [{ a: Symbol("a") }, /a is symbol/],
      [{ a: 1n }, /a is bigint/],
      [{ a: new Date(Number.NaN) }, /a is no date/],
      [{ a: new Map([[1, 2]]) }, /a is a Map/],
      [{ a: new Set([1]) }, /a is a Set/],
      [circle, /nested deeper than 200 levels/],
    ];
    for (const [value, problem] of lost)
      assert.throws(() => jsonText(value), { name: "UserError", problem }, String(problem));
  });
});
