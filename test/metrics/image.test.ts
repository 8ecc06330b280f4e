import assert from "node:assert/strict";
import fc from "fast-check";
import { luma, psnr, ssim } from "../../lib/metrics/image.ts";
import { readGolden } from "../golden/golden.ts";

interface Golden {
  width: number;
  height: number;
  cases: { name: string; a: string; b: string; psnr: number; ssim: number }[];
}

/** Made by test/golden/make_golden.py with scikit-image. */
const { width, height, cases } = readGolden<Golden>("pictures");

const SIZE = 3 * 9 * 8;
const picture = fc.uint8Array({ minLength: SIZE, maxLength: SIZE });

describe("PSNR and SSIM", () => {
  for (const { name, a, b, ...expected } of cases) {
    it(`equal scikit-image's (${name})`, () => {
      const [x, y] = [a, b].map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));
      assert.ok(Math.abs(psnr(x, y) - expected.psnr) < 1e-10);
      // Luma is float32 here and float64 there.
      assert.ok(Math.abs(ssim(x, y, width, height) - expected.ssim) < 1e-5, `${ssim(x, y, width, height)}`);
    });
  }

  it("are symmetric, highest for equal pictures", () => {
    fc.assert(
      fc.property(picture, picture, (a, b) => {
        assert.equal(psnr(a, b), psnr(b, a));
        const [ab, ba] = [ssim(a, b, 9, 8), ssim(b, a, 9, 8)];
        assert.ok(Math.abs(ab - ba) < 1e-9 && ab <= 1 + 1e-9 && ab >= -1 - 1e-9);
        assert.equal(psnr(a, a), Infinity);
        assert.ok(Math.abs(ssim(a, a, 9, 8) - 1) < 1e-9);
      }),
    );
  });

  it("known values: one grey level off is 48.13 dB, black on white 0 dB", () => {
    const grey = (value: number): Uint8Array => new Uint8Array(SIZE).fill(value);
    assert.ok(Math.abs(psnr(grey(10), grey(11)) - 20 * Math.log10(255)) < 1e-12);
    assert.equal(psnr(grey(0), grey(255)), 0);
    const c1 = (0.01 * 255) ** 2;
    assert.ok(Math.abs(ssim(grey(0), grey(255), 9, 8) - c1 / (255 ** 2 + c1)) < 1e-7);
  });

  it("luma weighs the colours to their sum", () => {
    assert.deepEqual([...luma(Uint8Array.of(255, 255, 255, 0, 0, 0))].map(Math.round), [255, 0]);
    assert.ok(Math.abs(luma(Uint8Array.of(0, 100, 0))[0] - 58.7) < 1e-4);
  });

  it("pictures of unequal or impossible size are refused", () => {
    const [a, b] = [new Uint8Array(SIZE), new Uint8Array(SIZE - 3)];
    assert.throws(() => psnr(a, b), RangeError);
    assert.throws(() => ssim(a, b, 9, 8), RangeError);
    assert.throws(() => ssim(a, a, 8, 8), RangeError);
    assert.throws(() => ssim(a, a, 36, 2), RangeError);
  });
});
