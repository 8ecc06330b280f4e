import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeFrames, encodeFrames } from "../../../lib/world/data/frames.ts";
import { decodeColumns, encodeColumns } from "../../../lib/world/data/parquet.ts";

describe("storage", () => {
  it("Parquet columns come back exactly, over several row groups", async () => {
    const rows = 5000;
    const x = Float64Array.from({ length: rows }, (_, i) => Math.sin(i) * 10 ** (i % 30));
    const n = Int32Array.from({ length: rows }, (_, i) => i * 7919 - 5);
    const back = await decodeColumns(encodeColumns({ x, n }));
    assert.deepEqual(back.x, x);
    assert.deepEqual([...back.n], [...n]);
  });

  it("frames come back exactly", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (frames) => {
        assert.deepEqual([...decodeFrames(encodeFrames(frames))], [...frames]);
      }),
    );
  });
});
