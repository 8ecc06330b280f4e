import assert from "node:assert/strict";
import type { GeneratedVideo } from "../../../lib/training/preference/generated.ts";
import { MADE_KINDS, rankedPairs } from "../../../lib/training/preference/ranked.ts";
import { generatedVideo } from "./videos.ts";

describe("ranked pairs", () => {
  let video: GeneratedVideo;
  let scoreOf: Map<Uint8Array, number>;
  before(async () => {
    video = await generatedVideo(1);
    scoreOf = new Map(
      video.keyframes.flatMap(({ reconstruction, versions }) => [
        [reconstruction, 100],
        ...versions.map(({ picture, fidelity }) => [picture, fidelity.psnr] as const),
      ]) as [Uint8Array, number][],
    );
  });

  for (const kind of MADE_KINDS) {
    it(`${kind}: the better picture is the nearer to the truth`, () => {
      const pairs = rankedPairs([video], kind);
      assert.ok(pairs.length > 0);
      for (const { better, worse, first } of pairs) {
        assert.ok((scoreOf.get(better) as number) > (scoreOf.get(worse) as number));
        assert.equal(first, video.first);
      }
    });
  }

  it("branches are compared among themselves, depths between own and true beginnings", () => {
    const originOf = new Map(
      video.keyframes.flatMap(({ versions }) => versions.map(({ picture, origin }) => [picture, origin])),
    );
    const origins = (kind: "branch" | "depth"): string[] => [
      ...new Set(rankedPairs([video], kind).map((p) => `${originOf.get(p.better)} ${originOf.get(p.worse)}`)),
    ];
    assert.deepEqual(origins("branch"), ["own own"]);
    assert.deepEqual(origins("depth"), ["fresh own"]);
  });
});
