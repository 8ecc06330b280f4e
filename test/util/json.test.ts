import assert from "node:assert/strict";
import fc from "fast-check";
import { compactJson } from "../../lib/util/json.ts";

describe("compact JSON", () => {
  it("says the same as any other JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(JSON.parse(compactJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("puts lists of numbers on one line, and only those", () => {
    assert.equal(compactJson({ a: [1, -2.5e-7, null] }), '{\n  "a": [1, -2.5e-7, null]\n}');
    assert.equal(compactJson(["1"]), '[\n  "1"\n]');
    assert.equal(compactJson([[1], [2, 3]]), "[\n  [1],\n  [2, 3]\n]");
  });
});
