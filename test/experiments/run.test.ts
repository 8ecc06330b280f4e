import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ABLATIONS,
  type Ablations,
  type ArmRow,
  curveSeries,
  type Job,
  type Runner,
  readRecorded,
  recordArm,
  rowsOfGroup,
  runGroup,
  summariseArms,
  weightsOf,
} from "../../lib/experiments/index.ts";
import { loadModelParams } from "../../lib/model/legacy/publish.ts";
import { loadTokeniser } from "../../lib/model/tokeniser/tokeniser.ts";
import { loadEstimator } from "../../lib/rewards/estimator/index.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { postTrainConfig } from "../../lib/training/posttraining/config.ts";
import { readRunRecords } from "../../lib/training/posttraining/record.ts";
import { TINY, tinyParams } from "../rollout/tiny.ts";

const SMALL = {
  rollout: { horizon: 2, prompts: 2, branches: 4, keep: 2 },
  sampler: { steps: 2 },
  objective: { sigmas: 2 },
  optimiser: { steps: 2 },
  rewards: { visual: 0 },
};
const RATE = { optimiser: { lr: 1e-3 } };

const jobOf = (group: "rewards" | "main", name: string, seed: number): Job => ({
  arm: { group, name, config: RATE },
  seed,
  config: postTrainConfig(SMALL, RATE, { iterations: 2, seed }),
});

describe("experiments", function () {
  // Three whole runs with their compilations.
  this.timeout(600_000);
  let runner: Runner;
  let dir: string;
  const lines: string[] = [];

  before(async () => {
    const backend = await openBackend();
    dir = mkdtempSync(join(tmpdir(), "worldcompass-experiments-"));
    const tokeniser = loadTokeniser();
    const estimator = loadEstimator("evaluation");
    const model = { params: tinyParams(), shape: TINY, sha256: "tiny" };
    const corpus = (): never => assert.fail("no real data here");
    runner = {
      sources: { model, tokeniser, estimator: loadEstimator("reward"), corpus },
      judges: { tokeniser, estimator, evaluator: "evaluation", hashes: { "estimator-evaluation": estimator.sha256 } },
      backend,
      controlSteps: 0,
      iterations: 0,
      profile: () => ({ name: "test", trajectories: 1, horizons: [1, 2], seeds: [0], batch: 1 }),
      runs: join(dir, "runs"),
      results: join(dir, "results"),
      log: (line) => lines.push(line),
    };
  });
  after(() => rmSync(dir, { recursive: true }));

  it("train, measure and record every arm, and the base beside them", async () => {
    const rows = await runGroup("rewards", [jobOf("rewards", "one", 0), jobOf("rewards", "one", 1)], runner);
    const recorded = rowsOfGroup("rewards", runner.results);
    assert.deepEqual(
      recorded.map(({ arm, seed }) => `${arm} ${seed}`),
      ["base 0", "one 0", "one 1"],
    );
    assert.deepEqual(recorded[1], JSON.parse(JSON.stringify(rows[0])));
    const { frames, longer, curve, clipGenerations, changed } = recorded[1];
    assert.deepEqual([frames, longer.map((one) => one.frames)], [13, [29]]);
    // A run of one round of the curriculum is probed half-way too.
    assert.deepEqual(curve.iteration, [0, 1, 2]);
    // Clip 0 and clip 1 of two prompts, four branches each: 2 * 4 + 2 * (1 + 4).
    assert.equal(clipGenerations, 18);
    assert.deepEqual(curve.clipGenerations, [0, 8, 18]);
    assert.deepEqual(changed, { "optimiser.lr": 1e-3, iterations: 2 });
    assert.ok(statSync(join(runner.results, "pictures/rewards-one.png")).size < 300_000);
    assert.equal(loadModelParams(weightsOf(join(runner.runs, "rewards/one-0"))).shape.width, TINY.width);
  });

  it("do not do again what is done", async () => {
    const state = join(runner.runs, "rewards/one-0/samples/00002.mp4");
    const before = statSync(state).mtimeMs;
    await runGroup("rewards", [jobOf("rewards", "one", 0)], runner);
    assert.equal(statSync(state).mtimeMs, before);
    assert.equal(rowsOfGroup("rewards", runner.results).length, 3);
  });

  it("of the main group leave the whole record of the run", async () => {
    await runGroup("main", [jobOf("main", "post-trained", 0)], runner);
    const { runs } = readRunRecords(join(runner.results, "post-training.json"));
    const [{ seed, config, sessions, metrics }] = runs;
    assert.deepEqual([seed, (config.optimiser as { lr: number }).lr, sessions.length], [0, 1e-3, 1]);
    assert.deepEqual(metrics.step, [0, 1, 2]);
    assert.equal(metrics["losses/objective"][0], null);
    assert.ok(Number.isFinite(metrics["probe/interaction-exact"][0]));
    assert.match(readFileSync(join(runner.results, "post-training.json"), "utf8"), /"step": \[0, 1, 2\]/);
  });

  it("are summarised over seeds", () => {
    const rows = rowsOfGroup("rewards", runner.results);
    const [base, one] = summariseArms(rows);
    assert.deepEqual([base.seeds, base.basicSd, one.seeds], [1, null, 2]);
    assert.equal(one.basic, (rows[1].basic + rows[2].basic) / 2);
    assert.equal(one.visual, null);
    const [series, ...others] = curveSeries(rows, "interaction-exact", "clipGenerations");
    assert.deepEqual([series.name, series.x, others], ["one", [0, 8, 18], []]);
    assert.deepEqual(rowsOfGroup("curriculum", runner.results), []);
    assert.deepEqual(summariseArms([]), []);
  });

  it("are not recorded beside rows of other networks", () => {
    const { rows, checkpoints } = readRecorded<Ablations>(ABLATIONS, runner.results) as Ablations;
    const other = { ...checkpoints, base: "another" };
    assert.throws(() => recordArm(rows[0] as ArmRow, other, runner.results), /other networks \(base\)/);
    assert.deepEqual(readdirSync(runner.results).sort(), [ABLATIONS, "pictures", "post-training.json"]);
    assert.ok(!existsSync(join(runner.results, "efficiency.json")));
  });
});
