import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DepthNetwork } from "../../../lib/model/depth/depth.ts";
import { Recollection } from "../../../lib/model/dit/recollection.ts";
import { type Corpus, openCorpus } from "../../../lib/training/base/corpus.ts";
import { recalling } from "../../../lib/training/base/recalled.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { makeDataset } from "../../../lib/world/dataset/make.ts";
import { openDataset } from "../../../lib/world/dataset/read.ts";
import { SMALL } from "../../model/dit/small.ts";
import { FRAME, tokeniser } from "../../model/dit/stand-in.ts";

const CLIPS = 3;
/** Everything is as far as its picture is bright. */
const depth = {
  sha256: "depth",
  config: { camera: courtyard.camera },
  read: (pictures: Uint8Array) => ({
    depths: Float32Array.from({ length: pictures.length / 3 }, (_, i) => 1 + pictures[3 * i] / 40),
  }),
} as unknown as DepthNetwork;

describe("what the clips of a corpus recall", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "recalled-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("is what a rollout recalls that has made the same pictures, and is read back from the cache", async () => {
    const data = join(dir, "data");
    await makeDataset({
      world: courtyard,
      dir: data,
      split: "validation",
      seed: 0,
      trajectories: 1,
      latents: 4 * CLIPS,
    });
    const dataset = await openDataset(data);
    const encoded = { ...tokeniser, encode: (frames: Uint8Array) => tokenised(frames) };
    const cache = join(dir, "cache");
    const corpus: Corpus = { ...openCorpus(dataset, encoded, cache), latent: SMALL.latent };
    const { recalled } = recalling(corpus, { dataset, tokeniser, depth }, cache);
    const frames = dataset.frames(0);
    const clip = (n: number): Uint8Array =>
      n === 0
        ? Buffer.concat([Buffer.alloc(3 * FRAME), frames.subarray(0, 13 * FRAME)])
        : frames.slice((16 * n - 3) * FRAME, (16 * n + 13) * FRAME);
    let made = -1;
    const codec = {
      encode: (pictures: readonly Uint8Array[]) => pictures.map(tokeniser.encode),
      decode: () => [clip(++made)],
    };
    const paths = corpus.paths(0);
    const start = { frame: corpus.firstFrame(0), pose: paths[0][0].start };
    const recollection = new Recollection(codec, depth, SMALL, [start]);
    for (let n = 0; n + 1 < CLIPS; n++) {
      recollection.add([{ latents: new Float32Array() }], [paths[n]], n === 0);
      const { latents } = recollection.clip(0, paths[n + 1][0].start);
      assert.deepEqual(recalled?.(0, n + 1), latents);
      assert.ok(
        latents.some((x) => x > -1),
        "something is known",
      );
    }
    const again = recalling(
      corpus,
      { dataset, tokeniser, depth: { ...depth, read: () => assert.fail("made anew") } },
      cache,
    );
    assert.deepEqual(again.recalled?.(0, 1), recalled?.(0, 1));
  });
});

/** Latents of a whole video. */
function tokenised(frames: Uint8Array): Float32Array {
  const one = tokeniser.encode(frames);
  const out = new Float32Array(4 * CLIPS * one.length);
  for (let i = 0; i < 4 * CLIPS; i++) out.set(one, i * one.length);
  return out;
}
