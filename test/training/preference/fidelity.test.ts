import assert from "node:assert/strict";
import { psnr } from "../../../lib/metrics/image.ts";
import { drawSpoil } from "../../../lib/training/preference/corrupt.ts";
import { compareFidelity, fidelityOf } from "../../../lib/training/preference/fidelity.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { makeScene, renderFrame } from "../../../lib/world/plane/index.ts";

const DEGREE = Math.PI / 180;

describe("fidelity", () => {
  const pose = { x: 3, z: 5, yaw: 1, pitch: 0 };
  const scene = makeScene(1);
  const truth = renderFrame(scene, pose);
  const aside = renderFrame(scene, { ...pose, yaw: pose.yaw + 6 * DEGREE });
  const blurred = drawSpoil("blur", Rng.of(1))(truth, 1);

  it("forgives a small turn, and does not forgive blur: plain PSNR says the opposite", () => {
    assert.ok(psnr(aside, truth) < psnr(blurred, truth));
    assert.ok(fidelityOf(aside, truth).ssim > fidelityOf(blurred, truth).ssim);
    assert.ok(fidelityOf(aside, truth).psnr > psnr(aside, truth) + 2);
  });

  it("is greatest for the truth and falls with every spoiling", () => {
    for (const kind of ["blur", "colour", "grid", "patches", "grain"] as const) {
      const spoil = drawSpoil(kind, Rng.of(2, kind));
      const [mild, gross] = [0.3, 1].map((severity) => fidelityOf(spoil(truth, severity), truth));
      assert.ok(mild.psnr > gross.psnr, kind);
      assert.equal(compareFidelity(fidelityOf(truth, truth), gross), 1, kind);
      assert.equal(compareFidelity(gross, fidelityOf(truth, truth)), -1, kind);
    }
  });

  it("does not decide where the measures disagree or the difference is small", () => {
    assert.equal(compareFidelity({ psnr: 20, ssim: 0.5 }, { psnr: 19.8, ssim: 0.4 }), 0);
    assert.equal(compareFidelity({ psnr: 22, ssim: 0.5 }, { psnr: 20, ssim: 0.6 }), 0);
    assert.equal(compareFidelity({ psnr: 22, ssim: 0.6 }, { psnr: 20, ssim: 0.5 }), 1);
  });
});
