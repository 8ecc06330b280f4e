import assert from "node:assert/strict";
import { psnr } from "../../../lib/metrics/image.ts";
import { LATENT_SIZE } from "../../../lib/model/tokeniser/config.ts";
import { CORRUPTION_KINDS, drawCorruption } from "../../../lib/training/preference/corrupt.ts";
import { drawLatentCorruption, LATENT_CORRUPTION_KINDS } from "../../../lib/training/preference/latents.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { SIZE, shots } from "./videos.ts";

describe("corruptions", () => {
  let picture: Uint8Array;
  before(async () => {
    [picture] = await shots(1, 1);
  });

  for (const kind of CORRUPTION_KINDS) {
    it(`${kind}: none at severity 0, more with more severity, the same for the same seed`, () => {
      const corrupt = drawCorruption(kind, Rng.of(4, kind), SIZE);
      assert.deepEqual(corrupt(picture, 0), picture);
      const quality = [0.15, 0.5, 1].map((severity) => psnr(picture, corrupt(picture, severity)));
      assert.ok(quality[0] > quality[1] && quality[1] > quality[2], `${quality}`);
      assert.ok(quality[2] > 8 && quality[2] < 30, `${quality}`);
      assert.deepEqual(drawCorruption(kind, Rng.of(4, kind), SIZE)(picture, 0.7), corrupt(picture, 0.7));
    });
  }

  for (const kind of LATENT_CORRUPTION_KINDS) {
    it(`latents, ${kind}: none at severity 0, more with more severity`, () => {
      const latent = Rng.of("latent").normals(LATENT_SIZE);
      const corrupt = drawLatentCorruption(kind, Rng.of(4, kind), { size: LATENT_SIZE, channels: 32 });
      assert.deepEqual(corrupt(latent, 0), latent);
      const change = [0.2, 1].map((severity) =>
        corrupt(latent, severity).reduce((sum, v, i) => sum + (v - latent[i]) ** 2, 0),
      );
      assert.ok(change[1] > 4 * change[0] && change[0] > 0, `${change}`);
    });
  }
});
