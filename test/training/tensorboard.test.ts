import assert from "node:assert/strict";
import { crc32c, encodeEvents } from "../../lib/training/tensorboard.ts";

describe("TensorBoard events", () => {
  it("checksums are those of RFC 3720, appendix B.4", () => {
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
    assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
    assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
    assert.equal(crc32c(Buffer.from("123456789")), 0xe3069283);
  });

  it("records follow one another: length, checksum, data, checksum", () => {
    const bytes = encodeEvents([
      { step: 1, "losses/a": 0.5, "charts/seconds": 2 },
      { step: 2, "losses/a": 0.25 },
    ]);
    const records: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = Number(bytes.readBigUInt64LE(at));
      records.push(bytes.subarray(at + 12, at + 12 + length));
      at += 16 + length;
    }
    assert.equal(records.length, 3);
    assert.match(records[0].toString("latin1"), /brain\.Event:2$/);
    assert.equal(records[2].readDoubleLE(1), 2, "wall time: the seconds before");
    assert.equal(records[2].readFloatLE(records[2].length - 4), 0.25);
  });
});
