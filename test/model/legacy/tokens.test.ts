import assert from "node:assert/strict";
import fc from "fast-check";
import { addNoise } from "../../../lib/model/legacy/batch.ts";
import { CLIP_SIZE, CLIP_TOKENS, LATENT_TOKENS, TOKEN_CHANNELS } from "../../../lib/model/legacy/config.ts";
import { fromTokens, toTokens } from "../../../lib/model/legacy/tokens.ts";
import { LATENT_SIZE, TOKENISER } from "../../../lib/model/tokeniser/config.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { assertClose } from "../nn/close.ts";

const { latentWidth, latentHeight, latentChannels } = TOKENISER;
const latents = (n: number): Float32Array => Rng.of("latents", n).normals(n * LATENT_SIZE);

describe("tokens", () => {
  it("a clip is 60 tokens of 128 numbers", () => {
    assert.deepEqual([LATENT_TOKENS, CLIP_TOKENS, TOKEN_CHANNELS, CLIP_SIZE], [15, 60, 128, 4 * LATENT_SIZE]);
  });

  it("come back as the latents they were made of, and the other way round", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), (n) => {
        assert.deepEqual(fromTokens(toTokens(latents(n))), latents(n));
        assert.deepEqual(toTokens(fromTokens(latents(n))), latents(n));
      }),
    );
  });

  it("are the squares of two by two cells, row by row", () => {
    const named = Float32Array.from({ length: LATENT_SIZE }, (_, i) => i);
    const tokens = toTokens(named);
    fc.assert(
      fc.property(
        fc.nat(latentHeight - 1),
        fc.nat(latentWidth - 1),
        fc.nat(latentChannels - 1),
        (row, column, channel) => {
          const token = Math.floor(row / 2) * 5 + Math.floor(column / 2);
          const inside = ((row % 2) * 2 + (column % 2)) * latentChannels + channel;
          assert.equal(
            tokens[token * TOKEN_CHANNELS + inside],
            (row * latentWidth + column) * latentChannels + channel,
          );
        },
      ),
    );
  });
});

describe("addNoise", () => {
  it("mixes data and noise by the level of each latent", () => {
    const [x0, eps] = [latents(4), Rng.of("eps").normals(CLIP_SIZE)];
    const sigma = [0, 0.25, 0.5, 1];
    const noisy = addNoise(x0, eps, sigma);
    sigma.forEach((s, latent) => {
      const part = (values: Float32Array): Float32Array =>
        values.subarray(latent * LATENT_SIZE, (latent + 1) * LATENT_SIZE);
      assertClose(
        part(noisy),
        part(x0).map((x, i) => (1 - s) * x + s * part(eps)[i]),
        1e-6,
      );
    });
  });
});
