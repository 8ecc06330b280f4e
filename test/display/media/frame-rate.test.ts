import assert from "node:assert/strict";
import { boxesIn, HEADER } from "../../../lib/display/media/fast-start.ts";
import { encodeWithWasm } from "../../../lib/display/media/wasm-encoder.ts";

/** Seconds that an MP4 file says it lasts, by its `mvhd` of version 0: units of a second, then the duration in them. */
function secondsOf(file: Buffer): number {
  const moov = [...boxesIn(file, 0, file.length)].find(({ type }) => type === "moov");
  assert.ok(moov);
  const mvhd = [...boxesIn(file, moov.start + HEADER, moov.end)].find(({ type }) => type === "mvhd");
  assert.ok(mvhd);
  const body = mvhd.start + HEADER;
  assert.equal(file[body], 0);
  return file.readUInt32BE(body + 16) / file.readUInt32BE(body + 12);
}

describe("the encoder of last resort", () => {
  for (const fps of [7.5, 8, 12.5, 29.97, 23.976, 0.4]) {
    it(`shows ${fps} frames a second`, async () => {
      const frames = new Uint8Array(30 * 32 * 32 * 3).map((_, i) => i % 251);
      const seconds = secondsOf(await encodeWithWasm({ frames, width: 32, height: 32, fps }, 30));
      // The file counts in 90 000ths of a second, and what counts as one is rounded to these.
      assert.ok(Math.abs(seconds - 30 / fps) < 1e-3 * (30 / fps), `${seconds} s`);
    });
  }
});
