import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeMp4, findFfmpeg } from "../../../lib/display/media/ffmpeg.ts";
import { UserError } from "../../../lib/util/errors.ts";

const WIDTH = 80;
const HEIGHT = 48;
const COUNT = 9;
const PIXELS = WIDTH * HEIGHT * 3;

/** A bright square that moves over a dark ground: a codec that mixes frames or channels would show. */
function movingSquare(width = WIDTH, height = HEIGHT): Uint8Array {
  const frames = new Uint8Array(COUNT * width * height * 3).fill(40);
  for (let f = 0; f < COUNT; f++) {
    for (let y = 10; y < 30; y++) {
      for (let x = 4 + 4 * f; x < 24 + 4 * f; x++) frames.set([220, 120, 30], ((f * height + y) * width + x) * 3);
    }
  }
  return frames;
}

function boxTypes(file: Buffer): string[] {
  const types: string[] = [];
  for (let at = 0; at < file.length; at += file.readUInt32BE(at)) types.push(file.toString("latin1", at + 4, at + 8));
  return types;
}

/** Decodes with ffmpeg to raw RGB. */
function decode(ffmpeg: string, mp4: Buffer): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "worldcompass-test-"));
  const file = join(folder, "video.mp4");
  writeFileSync(file, mp4);
  try {
    return execFileSync(ffmpeg, ["-v", "error", "-i", file, "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const meanDifference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;

async function withFfmpegBin<T>(value: string, action: () => Promise<T>): Promise<T> {
  const before = process.env.FFMPEG_BIN;
  process.env.FFMPEG_BIN = value;
  try {
    return await action();
  } finally {
    if (before === undefined) delete process.env.FFMPEG_BIN;
    else process.env.FFMPEG_BIN = before;
  }
}

describe("encodeMp4", () => {
  for (const encoder of ["auto", "wasm"] as const) {
    it(`writes H.264 whose index comes first and whose frames are those given (${encoder})`, async function () {
      const mp4 = await encodeMp4(movingSquare(), { width: WIDTH, height: HEIGHT, fps: 8, encoder });
      const types = boxTypes(mp4);
      assert.ok(types.indexOf("moov") >= 0 && types.indexOf("moov") < types.indexOf("mdat"), types.join(" "));
      assert.ok(mp4.includes("avc1"));
      const ffmpeg = await findFfmpeg();
      if (!ffmpeg) return this.skip();
      const decoded = decode(ffmpeg.path, mp4);
      assert.equal(decoded.length, COUNT * PIXELS);
      // The encoders' loss on these flat colours and sharp edges is 1 to 4 of 255.
      assert.ok(meanDifference(decoded, movingSquare()) < 6, String(meanDifference(decoded, movingSquare())));
    });

    it(`extends odd sides by one pixel (${encoder})`, async () => {
      const mp4 = await encodeMp4(movingSquare(81, 49), { width: 81, height: 49, fps: 8, encoder });
      const ffmpeg = await findFfmpeg();
      if (ffmpeg) assert.equal(decode(ffmpeg.path, mp4).length, COUNT * 82 * 50 * 3);
    });
  }

  it("gives equal bytes for equal frames", async () => {
    const options = { width: WIDTH, height: HEIGHT, fps: 8 };
    assert.deepEqual(await encodeMp4(movingSquare(), options), await encodeMp4(movingSquare(), options));
  });

  it("refuses bytes that are not whole frames, impossible frame rates and qualities", async () => {
    const size = { width: WIDTH, height: HEIGHT, fps: 8 };
    await assert.rejects(encodeMp4(new Uint8Array(10), size), UserError);
    await assert.rejects(encodeMp4(movingSquare(), { ...size, fps: 0 }), /positive frame rate/);
    await assert.rejects(encodeMp4(movingSquare(), { ...size, quality: 60 }), /0 \(best\) to 51/);
  });
});

describe("findFfmpeg", () => {
  it("takes FFMPEG_BIN at its word: a wrong one is one clear error, not another ffmpeg", async () => {
    const missing = withFfmpegBin("/nowhere/ffmpeg", () => findFfmpeg());
    await assert.rejects(missing, (error: UserError) => {
      assert.ok(error instanceof UserError);
      assert.match(error.problem, /FFMPEG_BIN=\/nowhere\/ffmpeg/);
      assert.match(error.mend, /unset it/);
      return true;
    });
    await assert.rejects(
      withFfmpegBin(process.execPath, () => findFfmpeg()),
      /not an ffmpeg that can write H.264/,
    );
  });

  it("says where it found the one it uses", async function () {
    const ffmpeg = await findFfmpeg();
    if (!ffmpeg) return this.skip();
    const again = await withFfmpegBin(ffmpeg.path, () => findFfmpeg());
    assert.deepEqual(again, { path: ffmpeg.path, source: "FFMPEG_BIN" });
  });
});
