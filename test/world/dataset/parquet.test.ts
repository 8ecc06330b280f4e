import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { decodeColumns, encodeColumns } from "../../../lib/world/dataset/parquet.ts";

describe("a Parquet file", () => {
  it("with one column damaged and another that its schema does not have is refused, and ends nothing", async () => {
    const bytes = Buffer.from(encodeColumns({ first: Int32Array.of(0, 1, 2), second: Float64Array.of(0.5, -1, 3) }));
    bytes.fill(0xff, 4, 24);
    bytes.write("secomd", bytes.lastIndexOf("second"));
    const unheard: unknown[] = [];
    const hear = (error: unknown): void => void unheard.push(error);
    process.on("unhandledRejection", hear);
    await assert.rejects(decodeColumns(bytes), /UserError: the table is no sound Parquet file/);
    await turn();
    process.off("unhandledRejection", hear);
    assert.deepEqual(unheard, []);
  });
});
