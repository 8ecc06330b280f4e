import assert from "node:assert/strict";
import fc from "fast-check";
import { differences, merged, type Tree, withPath } from "../../lib/util/tree.ts";

const { tree } = fc.letrec<{ value: unknown; tree: Tree }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, fc.integer(), fc.string(), fc.array(fc.integer()), tie("tree")),
  tree: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("value"), { maxKeys: 3, noNullPrototype: true }),
}));

describe("nested records", () => {
  it("are merged record by record; lists are values, and what is undefined says nothing", () => {
    const base = { a: 1, b: { c: [1, 2], d: 2 } };
    assert.deepEqual(merged(base, { b: { c: [3] } }, { a: undefined, b: { d: 4 } }), { a: 1, b: { c: [3], d: 4 } });
    assert.deepEqual(base, { a: 1, b: { c: [1, 2], d: 2 } });
  });

  it("differ from themselves in nothing, and not once they are merged", () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        assert.deepEqual(differences(a, a), []);
        const both = merged<Tree>(a, b);
        assert.deepEqual(merged<Tree>(both, b), both);
      }),
    );
  });

  it("hold a value at any path", () => {
    assert.deepEqual(withPath({ a: 1 }, ["b", "c"], 2), { a: 1, b: { c: 2 } });
    assert.deepEqual(withPath({ a: 1 }, ["a", "c"], 2), { a: { c: 2 } });
  });
});
