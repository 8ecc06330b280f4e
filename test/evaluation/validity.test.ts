import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  PICTURES,
  VALIDITY_COMMANDS,
  validityOf,
  validityTable,
  validityVideos,
} from "../../lib/evaluation/validity.ts";
import type { Tokeniser } from "../../lib/model/tokeniser/tokeniser.ts";
import type { ActionEstimator, ActionReading } from "../../lib/rewards/actions/reading.ts";
import { isBasic, isCombined } from "../../lib/world/actions.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";

describe("validity of action estimators", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "validity-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("is 100 % for one that knows, and less for one that errs, with errors over videos", async () => {
    const dataset = await validityVideos({ world: courtyard, dir, seed: 0, videos: 2 });
    const trajectories = Array.from({ length: 6 }, (_, i) => dataset.recording(i).actions);
    const moving = (i: number): number[] => [...trajectories[i]].filter((action) => action !== 0);
    assert.ok(moving(0).every(isBasic) && moving(1).every(isCombined));
    const steps = (i: number): number[] => [...trajectories[i]].slice(1).flatMap((action) => new Array(4).fill(action));
    const reading = (labels: number[]): ActionReading => ({
      labels: Int32Array.from(labels),
      translation: new Float32Array(),
      rotation: new Float32Array(),
    });
    const make = (name: string, labels: (i: number) => number[]): ActionEstimator => ({
      name,
      sha256: "",
      read: (clips) => clips.map((_, i) => reading(labels(i))),
    });
    // The second errs in the first half of every other basic video.
    const estimators = [
      make("knows", steps),
      make("errs", (i) => steps(i).map((action, k) => (i === 0 && k < 32 ? (action + 9) % 81 : action))),
    ];
    const plain = { encode: (frames: Uint8Array) => frames, decode: (frames: Uint8Array) => frames };
    const rows = validityOf(estimators, dataset, plain as unknown as Tokeniser);
    assert.equal(rows.length, 2 * PICTURES.length * VALIDITY_COMMANDS.length);
    for (const row of rows) {
      const whole = row.estimator === "knows" || row.commands !== "basic";
      assert.equal(row.videos, 2);
      assert.equal(row.exact, whole ? 1 : 0.75);
      assert.equal(row.rotation, 1);
      assert.ok(Math.abs(row.exactError - (whole ? 0 : 0.25)) < 1e-9);
    }
    assert.equal(validityOf(estimators, dataset, undefined).length, (2 * rows.length) / 3);
    assert.match(validityTable(rows), /\| errs \| true \| basic \| 75\.0 ± 25\.0 \| 75\.0 \| 100\.0 \| 2 \|/);
  });
});
