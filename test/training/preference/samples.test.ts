import assert from "node:assert/strict";
import { makeWorldModel } from "../../../lib/model/legacy/rollout.ts";
import { loadTokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { MADE_KINDS, rankedPairs } from "../../../lib/training/preference/ranked.ts";
import { type MadeFilm, RENOISED, sampleFilms } from "../../../lib/training/preference/samples.ts";
import { FRAME_BYTES } from "../../../lib/world/index.ts";
import { TINY, tinyParams } from "../../rollout/tiny.ts";
import { madeFilm } from "./films.ts";

describe("pictures of a model's own making", () => {
  let films: MadeFilm[];
  before(async function () {
    this.timeout(120_000);
    await openBackend();
    const model = makeWorldModel(tinyParams(), TINY, { sampler: { steps: 2, shift: 3 } });
    films = sampleFilms(model, loadTokeniser(), { videos: 2, clips: 4, key: "tiny", batch: 2 });
  });

  it("show several versions of each moment, made from the model's clips, from true ones and from noised truth", () => {
    assert.equal(films.length, 2);
    for (const { first, samples } of films) {
      assert.equal(first.length, FRAME_BYTES);
      // Clip 0 has three moments after the given picture.
      assert.deepEqual([...new Set(samples.map(({ clip }) => clip))], [0, 3]);
      assert.equal(samples.length, 7);
      for (const { versions } of samples) {
        const origins = versions.map(({ origin }) => origin);
        assert.deepEqual(origins, ["own", "own", "own", "own", "fresh", "fresh", ...RENOISED]);
        assert.equal(new Set(versions.map(({ picture }) => picture.join())).size, versions.length);
      }
    }
  });

  it("are nearer to the truth the less it was noised", () => {
    const mean = (wanted: unknown): number => {
      const all = films.flatMap(({ samples }) =>
        samples.flatMap(({ versions }) => versions.filter(({ origin }) => origin === wanted)),
      );
      return all.reduce((sum, { fidelity }) => sum + fidelity.psnr, 0) / all.length;
    };
    const [least, , most] = RENOISED.map(mean);
    assert.ok(least > most && most > mean("fresh") - 1, `${least} ${most} ${mean("fresh")}`);
  });
});

describe("ranked pairs", () => {
  const film = madeFilm(1);
  const scoreOf = new Map(
    film.samples.flatMap(({ reconstruction, versions }) => [
      [reconstruction, 100],
      ...versions.map(({ picture, fidelity }) => [picture, fidelity.psnr] as const),
    ]) as [Uint8Array, number][],
  );

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
