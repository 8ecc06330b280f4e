import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { Portions } from "../../../lib/world/doom/portions.ts";

describe("portions of a stream", () => {
  it("are what was written, whatever the sizes of writes and portions", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (writes, takes) => {
        const stream = new PassThrough();
        const portions = new Portions(stream);
        const all = Buffer.from(Array.from({ length: writes.reduce((a, b) => a + b, 0) }, (_, i) => i));
        let written = 0;
        for (const size of writes) {
          stream.write(all.subarray(written, written + size));
          written += size;
        }
        stream.end();
        let taken = 0;
        for (const size of takes) {
          const portion = await portions.take(size);
          assert.deepEqual(portion, taken + size <= all.length ? all.subarray(taken, taken + size) : undefined);
          if (!portion) break;
          taken += size;
        }
      }),
    );
  });

  it("wait for what comes late, without a turn of the processor for what is too little", async () => {
    const stream = new PassThrough();
    const portions = new Portions(stream);
    const portion = portions.take(3);
    stream.write("ab");
    // A loop that polled would never let this timer come.
    await new Promise((resolve) => setTimeout(resolve, 20));
    stream.write("cd");
    assert.equal(String(await portion), "abc");
    const rest = portions.take(2);
    stream.destroy();
    assert.equal(await rest, undefined);
  });
});
