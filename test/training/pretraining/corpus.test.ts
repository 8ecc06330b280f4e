import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLIP_LATENTS, CLIP_SIZE } from "../../../lib/model/legacy/config.ts";
import { toTokens } from "../../../lib/model/legacy/tokens.ts";
import { loadTokeniser, type Tokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { openCorpus } from "../../../lib/training/pretraining/corpus.ts";
import { type Dataset, openDataset, SAMPLE } from "../../../lib/world/data/index.ts";

describe("a corpus", () => {
  let dir: string;
  let dataset: Dataset;
  let tokeniser: Tokeniser;
  before(async () => {
    await openBackend();
    dir = mkdtempSync(join(tmpdir(), "corpus-"));
    dataset = await openDataset(SAMPLE.dir);
    tokeniser = loadTokeniser();
  });
  after(() => rmSync(dir, { recursive: true }));

  it("holds the tokens of every whole clip, the key log and the camera's true way", () => {
    const corpus = openCorpus(dataset, tokeniser, dir);
    assert.deepEqual([corpus.trajectories, corpus.clips], [3, 4]);
    const { frames, commanded, poses } = dataset.read(1);
    const tokens = toTokens(tokeniser.encode(frames));
    for (let clip = 0; clip < 4; clip++) {
      assert.deepEqual(corpus.tokens(1, clip), tokens.slice(clip * CLIP_SIZE, (clip + 1) * CLIP_SIZE));
    }
    assert.deepEqual(corpus.commanded(1), commanded);
    const paths = corpus.paths(1);
    assert.equal(paths.length, 4 * CLIP_LATENTS);
    paths.forEach(({ end }, latent) => {
      assert.deepEqual(Object.values(end), [...poses.subarray(16 * latent, 16 * latent + 4)]);
    });
  });

  it("is encoded once; what was cut short is encoded again; another tokeniser has its own", () => {
    const first = openCorpus(dataset, tokeniser, dir).tokens(2, 3).slice();
    const [name] = readdirSync(dir);
    const path = join(dir, name);
    utimesSync(path, 1, 1);
    assert.deepEqual(openCorpus(dataset, tokeniser, dir).tokens(2, 3), first);
    assert.equal(statSync(path).mtimeMs, 1000);
    truncateSync(path, 100);
    assert.deepEqual(openCorpus(dataset, tokeniser, dir).tokens(2, 3), first);
    assert.ok(statSync(path).size > 100);
    openCorpus(dataset, { ...tokeniser, sha256: "other" }, dir);
    assert.equal(readdirSync(dir).length, 2);
  });
});
