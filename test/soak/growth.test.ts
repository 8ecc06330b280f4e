import assert from "node:assert/strict";
import { UserError } from "../../lib/util/errors.ts";
import { growthOf } from "./growth.ts";

const series = (value: (i: number) => number, what = "bytes") =>
  Array.from({ length: 40 }, (_, at) => ({ at, [what]: value(at) }));
const grows = (samples: Parameters<typeof growthOf>[0]): boolean => growthOf(samples)[0].grows;

describe("growth over a long run", () => {
  it("is seen where memory, handles or tensors rise to the end", () => {
    assert.ok(grows(series((i) => 1e9 + 1e7 * i)));
    assert.ok(grows(series((i) => 20 + Math.floor(i / 10), "handles")));
    assert.ok(grows(series((i) => 500 + i, "tensors")));
  });

  it("is not what fills at the beginning, nor memory that goes up and down", () => {
    assert.ok(!grows(series((i) => (i < 8 ? 5e8 : 1e9))));
    assert.ok(!grows(series((i) => 1e9 + 5e7 * (i % 3))));
    assert.ok(!grows(series(() => 20, "handles")));
  });

  it("cannot be told from few samples", () => {
    assert.throws(() => growthOf(series((i) => i).slice(0, 7)), UserError);
  });
});
