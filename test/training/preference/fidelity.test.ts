import assert from "node:assert/strict";
import { psnr } from "../../../lib/metrics/image.ts";
import { drawCorruption } from "../../../lib/training/preference/corrupt.ts";
import { compareFidelity, fidelityOf } from "../../../lib/training/preference/fidelity.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { SIZE } from "./videos.ts";

const DEGREE = Math.PI / 180;

describe("fidelity", () => {
  let truth: Uint8Array;
  let aside: Uint8Array;
  let blurred: Uint8Array;
  before(async () => {
    const level = courtyard.level(1);
    const pose = level.spawn(Rng.of(1));
    [truth, aside] = await Promise.all(
      [0, 6 * DEGREE].map((turn) => level.render([{ ...pose, yaw: pose.yaw + turn }])),
    );
    blurred = drawCorruption("blur", Rng.of(1), SIZE)(truth, 1);
  });

  it("forgives a small turn, and does not forgive blur: plain PSNR says the opposite", () => {
    assert.ok(psnr(aside, truth) < psnr(blurred, truth));
    assert.ok(fidelityOf(aside, truth, SIZE).ssim > fidelityOf(blurred, truth, SIZE).ssim);
    assert.ok(fidelityOf(aside, truth, SIZE).psnr > psnr(aside, truth) + 2);
  });

  it("is greatest for the truth and falls with every corruption", () => {
    for (const kind of ["blur", "colour", "grid", "patches", "grain"] as const) {
      const corrupt = drawCorruption(kind, Rng.of(2, kind), SIZE);
      const [mild, gross] = [0.3, 1].map((severity) => fidelityOf(corrupt(truth, severity), truth, SIZE));
      assert.ok(mild.psnr > gross.psnr, kind);
      assert.equal(compareFidelity(fidelityOf(truth, truth, SIZE), gross), 1, kind);
      assert.equal(compareFidelity(gross, fidelityOf(truth, truth, SIZE)), -1, kind);
    }
  });

  it("does not decide where the measures disagree or the difference is small", () => {
    assert.equal(compareFidelity({ psnr: 20, ssim: 0.5 }, { psnr: 19.8, ssim: 0.4 }), 0);
    assert.equal(compareFidelity({ psnr: 22, ssim: 0.5 }, { psnr: 20, ssim: 0.6 }), 0);
    assert.equal(compareFidelity({ psnr: 22, ssim: 0.6 }, { psnr: 20, ssim: 0.5 }), 1);
  });
});
