import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driftProfileOf } from "../../lib/evaluation/drift.ts";
import {
  ARMS,
  type DriftRunner,
  type DriftSeedRow,
  driftSeedRows,
  folderOf,
  type Job,
  jobOf,
  OBEDIENCE,
  OBEDIENCE_MEMORY,
  runDriftMemory,
} from "../../lib/experiments/index.ts";
import type { ModelConfig } from "../../lib/model/legacy/config.ts";
import { publishWorldModel } from "../../lib/model/legacy/publish.ts";
import { readConfig } from "../../lib/model/nn/published.ts";
import { loadTokeniser } from "../../lib/model/tokeniser/tokeniser.ts";
import { loadEstimator } from "../../lib/rewards/estimator/index.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { postTrainConfig } from "../../lib/training/posttraining/config.ts";
import { UserError } from "../../lib/util/errors.ts";
import { TINY, tinyParams } from "../rollout/tiny.ts";

const SMALL = {
  rollout: { horizon: 3, prompts: 2, branches: 4, keep: 2 },
  sampler: { steps: 2 },
  objective: { sigmas: 2 },
  optimiser: { steps: 2 },
  rewards: { visual: 0 },
};
const ITERATIONS = 1;

/** The arm as it is, with little to do and without a judge of looks. */
function small(name: string, seed: number): Job {
  const arm = ARMS.find((other) => other.group === "drift-memory" && other.name === name);
  assert.ok(arm);
  const job = jobOf(arm, seed, ITERATIONS);
  const forgetting = Math.min(SMALL.rollout.keep, job.config.rollout.exploration.forgetting);
  return { ...job, config: postTrainConfig(job.config, SMALL, { rollout: { exploration: { forgetting } } }) };
}

describe("further training with rewards of drift and memory", function () {
  // Two runs with their compilations.
  this.timeout(600_000);
  let runner: DriftRunner;
  let dir: string;
  const lines: string[] = [];

  before(async () => {
    const backend = await openBackend();
    dir = mkdtempSync(join(tmpdir(), "worldcompass-drift-"));
    const [tokeniser, estimator] = [loadTokeniser(), loadEstimator("evaluation")];
    const model = { params: tinyParams(), shape: TINY, sha256: "tiny" };
    runner = {
      sources: { model, tokeniser, estimator: loadEstimator("reward"), corpus: () => assert.fail("no real data here") },
      judges: { tokeniser, estimator, evaluator: "evaluation", hashes: { "estimator-evaluation": estimator.sha256 } },
      backend,
      controlSteps: 0,
      iterations: ITERATIONS,
      drift: {
        ...{ ...driftProfileOf("smoke"), horizons: [2, 3], routes: ["out-and-back"] },
        returns: { routes: ["out-and-back"], perRoute: 2, clips: 3 },
      },
      runs: join(dir, "runs"),
      results: join(dir, "results"),
      log: (line) => lines.push(line),
    };
  });
  after(() => rmSync(dir, { recursive: true }));

  const publishMain = (seed: number, base: string): void => {
    const weights = join(runner.runs, `main/post-trained-${seed}/model`);
    const card = { title: "main", body: "" };
    publishWorldModel(weights, tinyParams(1 + seed), TINY, { checkpoints: { base } }, card);
  };

  const names = (rows: readonly DriftSeedRow[]): string[] =>
    rows.map(({ model, trainingSeed, frames }) => `${model} ${trainingSeed} ${frames}`);

  it("needs the main run of the seed, and one of this base model", async () => {
    const jobs = [small("post-trained+drift", 4)];
    await assert.rejects(runDriftMemory(jobs, runner), (error) => {
      return error instanceof UserError && /--only main --seeds 4/.test(error.mend);
    });
    publishMain(4, "another");
    await assert.rejects(runDriftMemory(jobs, runner), /another base model/);
    assert.deepEqual(lines, []);
  });

  it("goes on from it, and is recorded beside it and beside the base", async () => {
    publishMain(0, "tiny");
    const rows = await runDriftMemory([small("post-trained+drift+memory", 0)], runner);
    const expected = ["base null 29", "base null 45"].concat(
      ["post-trained", "post-trained+drift+memory"].flatMap((name) => [`${name} 0 29`, `${name} 0 45`]),
    );
    assert.deepEqual(names(rows), expected);
    assert.deepEqual(driftSeedRows(runner.results), JSON.parse(JSON.stringify(rows)));
    assert.deepEqual(rows[0].seeds, [0]);
    const main = rows.filter(({ model }) => model === "post-trained");
    const further = rows.filter(({ model }) => model.endsWith("memory"));
    assert.notEqual(main[0].firstPsnr, further[0].firstPsnr);
    for (const { returns } of rows) assert.ok(returns.length === 2 && returns.every(Number.isFinite));
    assert.notDeepEqual(main[0].returns, further[0].returns);
    assert.deepEqual(readdirSync(join(runner.runs, "drift-memory")).sort(), [
      "base",
      "post-trained+drift+memory-0",
      "post-trained-0",
    ]);
  });

  it("does not do again what is done, and adds other seeds", async () => {
    const state = join(runner.runs, "drift-memory/post-trained+drift+memory-0/state.safetensors");
    const [before, said] = [statSync(state).mtimeMs, lines.length];
    await runDriftMemory([small("post-trained+drift+memory", 0)], runner);
    assert.equal(statSync(state).mtimeMs, before);
    assert.equal(lines.length, said);
    publishMain(1, "tiny");
    await runDriftMemory([small("post-trained+obedience", 1)], runner);
    assert.deepEqual(
      names(driftSeedRows(runner.results)).filter((name) => name.endsWith("45")),
      [
        ...["base null 45", "post-trained 0 45", "post-trained 1 45"],
        ...["post-trained+obedience 1 45", "post-trained+drift+memory 0 45"],
      ],
    );
  });

  it("has a steady prior where the arm says so, and nowhere else", () => {
    const shapeOf = (run: string): ModelConfig =>
      readConfig(join(runner.runs, "drift-memory", run, "model")).shape as ModelConfig;
    assert.equal(shapeOf("post-trained+obedience-1").steadyPrior, true);
    assert.equal(shapeOf("post-trained+drift+memory-0").steadyPrior, undefined);
    assert.deepEqual(
      ARMS.filter(({ steadyPrior }) => steadyPrior).map(({ name }) => name),
      [OBEDIENCE, OBEDIENCE_MEMORY],
    );
  });

  it("is not recorded beside rows of other networks", async () => {
    const other = { ...runner, sources: { ...runner.sources, model: { ...runner.sources.model, sha256: "new" } } };
    await assert.rejects(runDriftMemory([small("post-trained+drift", 0)], other), /other networks \(base\)/);
  });

  it("has folders by training seed and random streams of its own", () => {
    const { config, ...job } = small("post-trained+memory", 2);
    assert.equal(config.seed, 102);
    assert.equal(folderOf({ ...job, config }), "drift-memory/post-trained+memory-2");
  });
});
