import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { psnr } from "../../../lib/metrics/image.ts";
import { readConfig } from "../../../lib/model/nn/published.ts";
import { FRAME_BYTES, LATENT_SIZE } from "../../../lib/model/tokeniser/config.ts";
import {
  channelScales,
  channelVariances,
  loadTokeniser,
  type Tokeniser,
} from "../../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { reconstructionQuality } from "../../../lib/training/tokeniser/evaluate.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { openDataset, SAMPLE } from "../../../lib/world/data/index.ts";
import { assertClose } from "../../model/nn/close.ts";

describe("channel scales", () => {
  it("bring a variance v to 1 from 0.8 on, and to (v / 0.8)^2 below", () => {
    const variances = [5, 1, 0.8, 0.4, 0.08];
    const scaled = Array.from(channelScales(variances), (scale, i) => variances[i] * scale ** 2);
    assertClose(scaled, [1, 1, 1, 0.25, 0.01], 1e-6);
  });

  it("variances are mean squares by channel", () => {
    const latents = Float32Array.from({ length: 2 * LATENT_SIZE }, (_, i) => (i % 32) * (i < LATENT_SIZE ? 1 : -1));
    assertClose(
      channelVariances(latents),
      Array.from({ length: 32 }, (_, c) => c * c),
      1e-12,
    );
  });
});

describe("the shipped tokeniser", () => {
  let tokeniser: Tokeniser;
  let frames: Uint8Array;
  before(async () => {
    await openBackend();
    tokeniser = loadTokeniser();
    frames = (await openDataset(SAMPLE.dir)).read(0).frames;
  });

  it("keeps the sample, which it was not trained on, at 27 dB or better", () => {
    const latents = tokeniser.encode(frames);
    assert.equal(latents.length, SAMPLE.latents * LATENT_SIZE);
    const back = tokeniser.decode(latents);
    assert.equal(back.length, frames.length);
    assert.ok(psnr(frames, back) > 27, `${psnr(frames, back)} dB`);
    const quality = reconstructionQuality(tokeniser, [frames]);
    assert.deepEqual({ ...quality, ssim: 0 }, { psnr: psnr(frames, back), psnrSd: 0, ssim: 0, videos: 1 });
    assert.ok(quality.ssim > 0.8 && quality.ssim < 1, `SSIM ${quality.ssim}`);
  });

  it("its coarse channels have about unit variance, the fine ones less", () => {
    const variances = channelVariances(tokeniser.encode(frames));
    assert.equal(variances.length, 32);
    // One video of one place: far from the average of many.
    assert.ok(
      variances.every((v) => v > 0.001 && v < 4),
      `${variances}`,
    );
    const mean = variances.reduce((a, b) => a + b) / 32;
    assert.ok(mean > 0.25 && mean < 1, `${mean}`);
  });

  it("a latent depends on its own frames alone", () => {
    const first = tokeniser.encode(frames.subarray(0, FRAME_BYTES));
    const all = tokeniser.encode(frames.subarray(0, 9 * FRAME_BYTES));
    assertClose(all.subarray(0, LATENT_SIZE), first, 1e-4);
    const groups = tokeniser.decodeGroups(all);
    assert.deepEqual(tokeniser.decode(all), groups.subarray(3 * FRAME_BYTES));
  });

  it("is refused where it is missing or damaged", () => {
    const dir = join(mkdtempSync(join(tmpdir(), "tokeniser-")), "tokeniser");
    assert.throws(() => loadTokeniser(dir), UserError);
    cpSync("checkpoints/tokeniser", dir, { recursive: true });
    writeFileSync(join(dir, "config.json"), JSON.stringify({ ...readConfig(dir), channelVariances: [1, 2] }));
    assert.throws(() => loadTokeniser(dir), /UserError.*has no 32 positive channelVariances/s);
    cpSync("checkpoints/tokeniser/config.json", join(dir, "config.json"));
    truncateSync(join(dir, "model.safetensors"), 1000);
    assert.throws(() => loadTokeniser(dir), /UserError.*has SHA-256/s);
    rmSync(join(dir, ".."), { recursive: true });
  });
});
