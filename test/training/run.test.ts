import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { type RunOptions, runTraining, type TrainState } from "../../lib/training/run.ts";
import { UserError } from "../../lib/util/errors.ts";
import { Rng } from "../../lib/util/rng.ts";

/** A "training" whose state after each step depends on every step before: x <- 0.9 x + noise(step). */
function options(dir: string, steps = 7): RunOptions {
  return {
    dir,
    steps,
    config: { steps, seed: 1 },
    saveEvery: 3,
    logEvery: 2,
    start: () => ({ params: { w: tf.tensor1d([1, 2]), "w.x": tf.scalar(5) }, moments: { w: tf.zeros([2]) } }),
    step: ({ params, moments }, step) => {
      const noise = tf.tensor1d(Rng.of("run-test", step).normals(2));
      const w = tf.tidy(() => tf.add(tf.mul(params.w, 0.9), noise));
      // "w.x" is handed on as it is: the loop must not free it.
      const state: TrainState = { params: { ...params, w }, moments: { w: tf.add(moments.w, w) } };
      noise.dispose();
      return { state, metrics: { loss: w.dataSync()[0] } };
    },
    onSave: ({ moments }) => ({ moment: moments.w.dataSync()[0] }),
  };
}

/** Stops the run, as a kill would, when it comes to step `at`. */
const dyingAt = (at: number, dir: string): RunOptions => {
  const run = options(dir);
  return {
    ...run,
    step: (state, step) => {
      if (step === at) throw new Error("killed");
      return run.step(state, step);
    },
  };
};

describe("runTraining", () => {
  let root: string;
  before(async () => {
    await openBackend();
    root = mkdtempSync(join(tmpdir(), "run-"));
  });
  after(() => rmSync(root, { recursive: true }));

  const contents = (dir: string): string[] =>
    ["state.safetensors", "metrics.jsonl", "config.json"].map((name) => readFileSync(join(dir, name), "hex"));
  const disposeState = (state: TrainState): void => tf.dispose(Object.values(state).map(Object.values));

  it("records metrics every so many steps, and what is measured at every save", () => {
    const dir = join(root, "metrics");
    disposeState(runTraining(options(dir)));
    const lines = readFileSync(join(dir, "metrics.jsonl"), "utf8").trim().split("\n");
    const records = lines.map((line) => JSON.parse(line) as Record<string, number>);
    assert.deepEqual(
      records.map(({ step, ...rest }) => [step, ...Object.keys(rest)]),
      [
        [2, "loss"],
        [3, "moment"],
        [4, "loss"],
        [6, "loss"],
        [6, "moment"],
        [7, "moment"],
      ],
    );
  });

  for (const at of [0, 2, 4, 5, 6]) {
    it(`a run that dies at step ${at} ends, resumed, with the same bytes as one that does not: state and record`, () => {
      const [straight, broken] = [join(root, `straight-${at}`), join(root, `broken-${at}`)];
      disposeState(runTraining(options(straight)));
      assert.throws(() => runTraining(dyingAt(at, broken)), /killed/);
      disposeState(runTraining(options(broken)));
      assert.deepEqual(contents(broken), contents(straight));
    });
  }

  it("a half-written last line of the record is dropped", () => {
    const dir = join(root, "half");
    assert.throws(() => runTraining(dyingAt(4, dir)), /killed/);
    appendFileSync(join(dir, "metrics.jsonl"), '{"step":3,"lo');
    disposeState(runTraining(options(dir)));
    const lines = readFileSync(join(dir, "metrics.jsonl"), "utf8").trim().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).step),
      [2, 3, 4, 6, 6, 7],
    );
  });

  it("a finished run gives its state again without a step", () => {
    const dir = join(root, "finished");
    const first = runTraining(options(dir));
    const again = runTraining(dyingAt(0, dir));
    assert.deepEqual(again.params.w.arraySync(), first.params.w.arraySync());
    assert.deepEqual(again.params["w.x"].arraySync(), 5);
    disposeState(first);
    disposeState(again);
  });

  it("frees what it replaces, and nothing that lives on", () => {
    const before = tf.memory().numTensors;
    const state = runTraining({ ...options(join(root, "memory"), 50) });
    assert.equal(tf.memory().numTensors - before, 3);
    assert.equal(state.params["w.x"].dataSync()[0], 5);
    disposeState(state);
  });

  it("refuses a folder of another configuration and names what differs", () => {
    const dir = join(root, "config");
    disposeState(runTraining(options(dir)));
    const other = { ...options(dir), config: { steps: 7, seed: 2, lr: 0.1 } };
    assert.throws(
      () => runTraining(other),
      (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.match(
          error.problem,
          /config\.json describes another run .*: seed is 1 instead of 2; lr is undefined instead of 0\.1$/,
        );
        return true;
      },
    );
    disposeState(runTraining({ ...options(dir), config: { seed: 1, steps: 7 } }));
  });

  it("goes on where the program has a new entry at its default, and writes it down; not where it is another", () => {
    const dir = join(root, "new-entry");
    assert.throws(() => runTraining(dyingAt(4, dir)), /killed/);
    const run = options(dir);
    const grown = (fresh: number): RunOptions => ({
      ...run,
      config: { ...run.config, noise: { fresh } },
      presets: { noise: { fresh: 0.5 } },
    });
    assert.throws(() => runTraining(grown(1)), /noise\.fresh is 0\.5 instead of 1/);
    disposeState(runTraining(grown(0.5)));
    assert.deepEqual(JSON.parse(readFileSync(join(dir, "config.json"), "utf8")).noise, { fresh: 0.5 });
    // Written down, so that another default later does not change this run.
    const later = { ...grown(0.25), presets: { noise: { fresh: 0.25 } } };
    assert.throws(() => runTraining(later), /noise\.fresh is 0\.5 instead of 0\.25/);
  });

  it("refuses a cadence that never comes, before it writes anything", () => {
    const dir = join(root, "cadence");
    for (const every of [0, -1, 0.5, Number.NaN]) {
      for (const name of ["steps", "saveEvery", "logEvery"]) {
        assert.throws(() => runTraining({ ...options(dir), [name]: every }), new RegExp(`${name} is ${every}`));
      }
    }
    assert.ok(!existsSync(dir));
  });

  it("refuses a damaged state, and a file that is no state", () => {
    const dir = join(root, "damaged");
    disposeState(runTraining(options(dir)));
    const path = join(dir, "state.safetensors");
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    assert.throws(() => runTraining(options(dir)), /UserError.*state\.safetensors is not a sound safetensors file/s);
    writeFileSync(path, Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")]));
    assert.throws(() => runTraining(options(dir)), /UserError.*does not fit this network: lacks/s);
  });

  it("refuses the state of another network and names what differs", () => {
    const dir = join(root, "another");
    disposeState(runTraining(options(dir)));
    const wider = { ...options(dir), start: () => ({ params: { w: tf.zeros([3]) }, moments: { w: tf.zeros([2]) } }) };
    assert.throws(() => runTraining(wider), /"params\.w" is \[2\] instead of \[3\]/);
    assert.throws(() => runTraining(wider), /has unexpected "params\.w\.x"/);
  });
});
