import assert from "node:assert/strict";
import { indexFirst } from "../../../lib/display/media/fast-start.ts";
import { UserError } from "../../../lib/util/errors.ts";

const box = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, "latin1");
  return Buffer.concat([header, body]);
};

const numbers = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeUInt32BE(value, 4 * i);
  });
  return bytes;
};

const index = (...offsets: number[]): Buffer => {
  const stco = box("stco", numbers(0, offsets.length, ...offsets));
  return box("moov", box("mvhd", numbers(7)), box("trak", box("mdia", box("minf", box("stbl", stco)))));
};

describe("indexFirst", () => {
  const start = box("ftyp", Buffer.from("isom"));
  const frames = box("mdat", Buffer.from("frame one frame two"));

  it("moves the index and keeps every chunk offset on the same bytes", () => {
    const first = start.length + 8;
    const moved = indexFirst(Buffer.concat([start, frames, index(first, first + 10)]));
    const shift = index(0, 0).length;
    const expected = Buffer.concat([start, index(first + shift, first + 10 + shift), frames]);
    assert.deepEqual(moved, expected);
    assert.equal(moved.toString("latin1", first + 10 + shift, first + 19 + shift), "frame two");
  });

  it("leaves a file alone whose index is first", () => {
    const file = Buffer.concat([start, index(99), frames]);
    assert.equal(indexFirst(file), file);
  });

  it("refuses a truncated file and one without an index", () => {
    assert.throws(() => indexFirst(Buffer.concat([start, frames.subarray(0, -3)])), UserError);
    assert.throws(() => indexFirst(Buffer.concat([start, frames])), UserError);
  });
});
