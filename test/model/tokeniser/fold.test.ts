import assert from "node:assert/strict";
import fc from "fast-check";
import { pictureBytes } from "../../../lib/metrics/video.ts";
import { FOLDED_CHANNELS, FOLDED_WIDTH, FRAME_BYTES, TOKENISER } from "../../../lib/model/tokeniser/config.ts";
import { dropRepeats, foldVideo, latentsOf, unfoldGroups } from "../../../lib/model/tokeniser/fold.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";

const video = (frames: number, seed: number): Uint8Array => {
  const rng = Rng.of("video", seed);
  return Uint8Array.from({ length: frames * FRAME_BYTES }, () => rng.int(256));
};

describe("folding", () => {
  it("frames are the courtyard's", () => assert.equal(FRAME_BYTES, pictureBytes(courtyard.camera)));

  it("unfolding gives back every byte of the video", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(), (latents, seed) => {
        const frames = video(4 * latents - 3, seed);
        const groups = foldVideo(frames);
        assert.equal(groups.length, latents * 4 * FRAME_BYTES);
        assert.ok(groups.every((x) => x >= -1 && x <= 1));
        assert.deepEqual(dropRepeats(unfoldGroups(groups)), frames);
      }),
      { numRuns: 10 },
    );
  });

  it("the first frame stands four times in the first group", () => {
    const frames = video(1, 1);
    const unfolded = unfoldGroups(foldVideo(frames));
    for (let i = 0; i < 4; i++) assert.deepEqual(unfolded.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES), frames);
  });

  it("a pixel of frame f goes to channel ((f * 4 + dy) * 4 + dx) * 3 + colour of its cell", () => {
    const { frameWidth, frameHeight } = TOKENISER;
    fc.assert(
      fc.property(fc.nat(3), fc.nat(frameHeight - 1), fc.nat(frameWidth - 1), fc.nat(2), (f, y, x, colour) => {
        const frames = new Uint8Array(5 * FRAME_BYTES);
        frames[(1 + f) * FRAME_BYTES + (y * frameWidth + x) * 3 + colour] = 255;
        const group = foldVideo(frames).subarray(4 * FRAME_BYTES);
        const cell = Math.floor(y / 4) * FOLDED_WIDTH + Math.floor(x / 4);
        const channel = ((f * 4 + (y % 4)) * 4 + (x % 4)) * 3 + colour;
        assert.equal(group.indexOf(1), cell * FOLDED_CHANNELS + channel);
      }),
      { numRuns: 30 },
    );
  });

  it("values beyond white and black are clamped, others rounded", () => {
    const groups = foldVideo(video(1, 2)).fill(-1.5);
    groups.set([2, 0, 1 / 127.5 - 1 + 0.003, Infinity]);
    const bytes = new Set(unfoldGroups(groups));
    assert.deepEqual(
      [...bytes].sort((a, b) => a - b),
      [0, 1, 128, 255],
    );
  });

  it("only videos of 4 n - 3 frames have latents", () => {
    assert.deepEqual([1, 5, 9, 157].map(latentsOf), [1, 2, 3, 40]);
    for (const frames of [0, 2, 3, 4, 6, 5.5, -3]) assert.throws(() => latentsOf(frames), UserError);
    assert.throws(() => foldVideo(new Uint8Array(FRAME_BYTES + 1)), UserError);
  });
});
