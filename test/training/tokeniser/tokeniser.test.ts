import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { psnr } from "../../../lib/metrics/image.ts";
import { initParams } from "../../../lib/model/nn/params.ts";
import { readConfig } from "../../../lib/model/nn/published.ts";
import { FRAME_BYTES, LATENT_SIZE } from "../../../lib/model/tokeniser/config.ts";
import { linearSpec, tokeniserSpec } from "../../../lib/model/tokeniser/network.ts";
import { channelScales, channelVariances, loadTokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { reconstructionQuality } from "../../../lib/training/tokeniser/evaluate.ts";
import { publishTokeniser } from "../../../lib/training/tokeniser/publish.ts";
import { tokeniserTraining } from "../../../lib/training/tokeniser/train.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { trajectoryOf } from "../../../lib/world/motion.ts";
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

/** As `npm run train` publishes one, but of random weights. */
function publishedTokeniser(dir: string, channels: number): void {
  const params = initParams({ ...linearSpec(channels), ...tokeniserSpec(channels) }, 0);
  const quality = { psnr: 20, psnrSd: 1, ssim: 0.5, videos: 1 };
  const variances = Array.from({ length: channels }, (_, c) => 0.5 + 0.1 * c);
  publishTokeniser(dir, params, tokeniserTraining.parse({ channels }), quality, variances);
}

describe("a published tokeniser", () => {
  const CHANNELS = 8;
  let dir: string;
  let frames: Uint8Array;
  before(async () => {
    await openBackend();
    dir = join(mkdtempSync(join(tmpdir(), "tokeniser-")), "tokeniser");
    publishedTokeniser(dir, CHANNELS);
    const level = courtyard.level(0);
    const start = level.spawn(Rng.of(0));
    frames = await level.render(trajectoryOf(start, [0, 9, 9], courtyard.step));
  });
  after(() => rmSync(join(dir, ".."), { recursive: true }));

  it("codes a latent's frames alone, and all of a video", () => {
    const tokeniser = loadTokeniser(dir);
    const size = (LATENT_SIZE / 32) * CHANNELS;
    const first = tokeniser.encode(frames.subarray(0, FRAME_BYTES));
    const all = tokeniser.encode(frames);
    assert.equal(all.length, 3 * size);
    assertClose(all.subarray(0, size), first, 1e-4);
    const groups = tokeniser.decodeGroups(all);
    assert.deepEqual(tokeniser.decode(all), groups.subarray(3 * FRAME_BYTES));
    const back = tokeniser.decode(all);
    assert.equal(back.length, frames.length);
    const quality = reconstructionQuality(tokeniser, [frames]);
    assert.deepEqual({ ...quality, ssim: 0 }, { psnr: psnr(frames, back), psnrSd: 0, ssim: 0, videos: 1 });
  });

  it("is refused where it is missing or damaged", () => {
    assert.throws(() => loadTokeniser(join(dir, "none")), UserError);
    const config = readConfig(dir);
    writeFileSync(join(dir, "config.json"), JSON.stringify({ ...config, channelVariances: [1, 2] }));
    assert.throws(() => loadTokeniser(dir), /UserError.*has no 8 positive channelVariances/s);
    writeFileSync(join(dir, "config.json"), JSON.stringify(config));
    truncateSync(join(dir, "model.safetensors"), 1000);
    assert.throws(() => loadTokeniser(dir), /UserError.*has SHA-256/s);
  });
});
