import assert from "node:assert/strict";
import type { MadeFilm } from "../../../lib/training/preference/films.ts";
import { MADE_KINDS, rankedPairs } from "../../../lib/training/preference/ranked.ts";
import { madeFilm } from "./films.ts";

describe("ranked pairs", () => {
  let film: MadeFilm;
  let scoreOf: Map<Uint8Array, number>;
  before(async () => {
    film = await madeFilm(1);
    scoreOf = new Map(
      film.samples.flatMap(({ reconstruction, versions }) => [
        [reconstruction, 100],
        ...versions.map(({ picture, fidelity }) => [picture, fidelity.psnr] as const),
      ]) as [Uint8Array, number][],
    );
  });

  for (const kind of MADE_KINDS) {
    it(`${kind}: the better picture is the nearer to the truth`, () => {
      const pairs = rankedPairs([film], kind);
      assert.ok(pairs.length > 0);
      for (const { better, worse, first } of pairs) {
        assert.ok((scoreOf.get(better) as number) > (scoreOf.get(worse) as number));
        assert.equal(first, film.first);
      }
    });
  }

  it("branches are compared among themselves, depths between own and true beginnings", () => {
    const originOf = new Map(
      film.samples.flatMap(({ versions }) => versions.map(({ picture, origin }) => [picture, origin])),
    );
    const origins = (kind: "branch" | "depth"): string[] => [
      ...new Set(rankedPairs([film], kind).map((p) => `${originOf.get(p.better)} ${originOf.get(p.worse)}`)),
    ];
    assert.deepEqual(origins("branch"), ["own own"]);
    assert.deepEqual(origins("depth"), ["fresh own"]);
  });
});
