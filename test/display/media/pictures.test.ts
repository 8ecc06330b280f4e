import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { contactSheet, spreadFrames } from "../../../lib/display/media/contact-sheet.ts";
import { blankImage, type Image, pasteImage, upscaleImage } from "../../../lib/display/media/image.ts";
import { type HeldKeys, overlayKeys } from "../../../lib/display/media/key-overlay.ts";
import { decodePng, encodePng } from "../../../lib/display/media/png.ts";
import { sideBySide } from "../../../lib/display/media/side-by-side.ts";
import { frameAt, frameCount, upscaleVideo, type Video, videoOf } from "../../../lib/display/media/video.ts";
import { expectPicture } from "../../expect-picture.ts";

const EXPECTED = join(import.meta.dirname, "expected");
const STILL: HeldKeys = { forward: 0, rightward: 0, yaw: 0, pitch: 0 };

/** A frame with a gradient, and a bright square that moves right by two pixels a frame. */
function testFrame(index: number, width: number, height: number): Image {
  const image = blankImage(width, height, [0, 0, 0]);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) image.pixels.set([60 + x, 90 + y, 150], (y * width + x) * 3);
  }
  pasteImage(image, blankImage(8, 8, [250, 240, 120]), 2 * index, height - 14);
  return image;
}

const testVideo = (frames: number, width = 40, height = 24): Video =>
  videoOf(
    Array.from({ length: frames }, (_, i) => testFrame(i, width, height)),
    16,
  );

const someImage = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }), seed: fc.nat(255) })
  .map(({ width, height, seed }): Image => {
    const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37 + seed) % 256);
    return { pixels, width, height };
  });

describe("pictures", () => {
  it("survive PNG", () => {
    fc.assert(fc.property(someImage, (image) => assert.deepEqual(decodePng(encodePng(image)), image)));
  });

  it("are enlarged pixel by pixel", () => {
    const pixelAt = ({ pixels, width }: Image, x: number, y: number) => [
      ...pixels.slice((y * width + x) * 3).slice(0, 3),
    ];
    fc.assert(
      fc.property(someImage, fc.integer({ min: 1, max: 4 }), fc.nat(), fc.nat(), (image, factor, a, b) => {
        const large = upscaleImage(image, factor);
        const [x, y] = [a % large.width, b % large.height];
        const source = pixelAt(image, Math.floor(x / factor), Math.floor(y / factor));
        assert.deepEqual(pixelAt(large, x, y), source);
      }),
    );
  });

  it("refuse what does not fit", () => {
    assert.throws(() => pasteImage(blankImage(4, 4, [0, 0, 0]), blankImage(3, 3, [9, 9, 9]), 2, 0), /does not fit/);
    assert.throws(() => upscaleImage(blankImage(2, 2, [0, 0, 0]), 1.5), /whole number/);
    assert.throws(() => videoOf([blankImage(2, 2, [0, 0, 0]), blankImage(3, 2, [0, 0, 0])], 8), /frame 1 is 3x2/);
    assert.throws(() => frameCount({ frames: new Uint8Array(10), width: 2, height: 2, fps: 8 }), /whole number/);
    assert.throws(() => frameAt(testVideo(3), 3), /no frame 3 in a video of 3/);
  });
});

describe("a contact sheet", () => {
  it("spreads its columns over the video, first and last frame included", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 400 }), fc.integer({ min: 2, max: 12 }), (length, count) => {
        const frames = spreadFrames(length, count);
        assert.equal(frames.length, Math.min(length, count));
        assert.equal(new Set(frames).size, frames.length);
        assert.deepEqual([frames[0], frames.at(-1)], [0, length - 1]);
      }),
    );
  });

  it("looks as committed", () => {
    const rows = [testVideo(16), testVideo(9)];
    const png = contactSheet(rows, {
      labels: ["true render", "base & <more>"],
      frames: 5,
      scale: 2,
      title: "Two videos",
    });
    expectPicture(EXPECTED, "contact-sheet", png);
  });

  it("names what does not match", () => {
    assert.throws(() => contactSheet([testVideo(2)], { labels: [] }), /0 labels for 1 rows/);
    assert.throws(() => contactSheet([testVideo(2), testVideo(2, 42)]), /42x24 frames under one of 40x24/);
    assert.throws(() => contactSheet([testVideo(5)], { headings: ["a"], frames: 3 }), /1 headings for 3 columns/);
  });
});

describe("the key overlay", () => {
  const large = upscaleVideo(testVideo(5), 5);
  const turn = (yaw: number): HeldKeys => ({ ...STILL, forward: 1, yaw });
  const bytes = (video: Video, frame: number) => Buffer.from(frameAt(video, frame).pixels);

  it("looks as committed, beside the bare video", () => {
    const keyed = overlayKeys(large, [STILL, { forward: 1, rightward: -1, yaw: 1, pitch: -1 }]);
    const both = sideBySide([keyed, large], { labels: ["generated", "true render"] });
    expectPicture(EXPECTED, "key-overlay", encodePng(frameAt(both, 4)));
  });

  it("takes one action a latent: the first frame shows none, then each shows for four frames", () => {
    const video = upscaleVideo(testVideo(9), 5);
    const byLatent = overlayKeys(video, [turn(1), turn(-1), STILL]);
    const byFrame = overlayKeys(video, [STILL, ...Array(4).fill(turn(-1)), ...Array(4).fill(STILL)]);
    assert.deepEqual(byLatent.frames, byFrame.frames);
  });

  it("leaves the video it is given as it is", () => {
    const before = bytes(large, 0);
    overlayKeys(large, [STILL, STILL]);
    assert.deepEqual(bytes(large, 0), before);
  });

  it("refuses small frames and the wrong number of actions", () => {
    assert.throws(() => overlayKeys(testVideo(5), [STILL, STILL]), /too small to draw keys/);
    assert.throws(() => overlayKeys(large, [STILL, STILL, STILL]), /3 actions for a video of 5 frames/);
  });
});

describe("videos side by side", () => {
  it("hold the last frame of the shorter one", () => {
    const both = sideBySide([testVideo(3), testVideo(5)], { gap: 0 });
    assert.equal(frameCount(both), 5);
    const left = ({ pixels, width }: Image) => Buffer.from(pixels.subarray(10 * width * 3, 10 * width * 3 + 40 * 3));
    assert.deepEqual(left(frameAt(both, 4)), left(frameAt(both, 2)));
  });

  it("refuse different sizes", () => {
    assert.throws(() => sideBySide([testVideo(2), testVideo(2, 44)]), /a video is 44x24/);
  });
});
