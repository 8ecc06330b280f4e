import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { type RunOptions, runTraining } from "../../lib/training/run.ts";
import { UserError } from "../../lib/util/errors.ts";
import { disposeState, dyingAt, options } from "./run/small.ts";

describe("runTraining", () => {
  let root: string;
  before(async () => {
    await openBackend();
    root = mkdtempSync(join(tmpdir(), "run-"));
  });
  after(() => rmSync(root, { recursive: true }));

  const contents = (dir: string): string[] =>
    ["state.safetensors", "metrics.jsonl", "config.json"].map((name) => readFileSync(join(dir, name), "hex"));

  it("records metrics every so many steps, and what is measured at every save", async () => {
    const dir = join(root, "metrics");
    disposeState(await runTraining(options(dir)));
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
    it(`a run that dies at step ${at} ends, resumed, with the same bytes as one that does not: state and record`, async () => {
      const [straight, broken] = [join(root, `straight-${at}`), join(root, `broken-${at}`)];
      disposeState(await runTraining(options(straight)));
      await assert.rejects(runTraining(dyingAt(at, broken)), /killed/);
      disposeState(await runTraining(options(broken)));
      assert.deepEqual(contents(broken), contents(straight));
    });
  }

  it("a half-written last line of the record is dropped", async () => {
    const dir = join(root, "half");
    await assert.rejects(runTraining(dyingAt(4, dir)), /killed/);
    appendFileSync(join(dir, "metrics.jsonl"), '{"step":3,"lo');
    disposeState(await runTraining(options(dir)));
    const lines = readFileSync(join(dir, "metrics.jsonl"), "utf8").trim().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).step),
      [2, 3, 4, 6, 6, 7],
    );
  });

  it("a finished run gives its state again without a step", async () => {
    const dir = join(root, "finished");
    const first = await runTraining(options(dir));
    const again = await runTraining(dyingAt(0, dir));
    assert.deepEqual(again.params.w.arraySync(), first.params.w.arraySync());
    assert.deepEqual(again.params["w.x"].arraySync(), 5);
    disposeState(first);
    disposeState(again);
  });

  it("frees what it replaces, and nothing that lives on", async () => {
    const before = tf.memory().numTensors;
    const state = await runTraining({ ...options(join(root, "memory"), 50) });
    assert.equal(tf.memory().numTensors - before, 3);
    assert.equal(state.params["w.x"].dataSync()[0], 5);
    disposeState(state);
  });

  it("refuses a folder of another configuration and names what differs", async () => {
    const dir = join(root, "config");
    disposeState(await runTraining(options(dir)));
    const other = { ...options(dir), config: { steps: 7, seed: 2, lr: 0.1 } };
    await assert.rejects(
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
    disposeState(await runTraining({ ...options(dir), config: { seed: 1, steps: 7 } }));
  });

  it("goes on where the program has a new entry at its default, and writes it down; not where it is another", async () => {
    const dir = join(root, "new-entry");
    await assert.rejects(runTraining(dyingAt(4, dir)), /killed/);
    const run = options(dir);
    const grown = (fresh: number): RunOptions => ({
      ...run,
      config: { ...run.config, noise: { fresh } },
      presets: { noise: { fresh: 0.5 } },
    });
    await assert.rejects(runTraining(grown(1)), /noise\.fresh is 0\.5 instead of 1/);
    disposeState(await runTraining(grown(0.5)));
    assert.deepEqual(JSON.parse(readFileSync(join(dir, "config.json"), "utf8")).noise, { fresh: 0.5 });
    // Written down, so that another default later does not change this run.
    const later = { ...grown(0.25), presets: { noise: { fresh: 0.25 } } };
    await assert.rejects(runTraining(later), /noise\.fresh is 0\.5 instead of 0\.25/);
  });

  it("refuses a cadence that never comes, before it writes anything", async () => {
    const dir = join(root, "cadence");
    for (const every of [0, -1, 0.5, Number.NaN]) {
      for (const name of ["steps", "saveEvery", "logEvery"]) {
        await assert.rejects(runTraining({ ...options(dir), [name]: every }), new RegExp(`${name} is ${every}`));
      }
    }
    assert.ok(!existsSync(dir));
  });

  it("refuses a damaged state, and a file that is no state", async () => {
    const dir = join(root, "damaged");
    disposeState(await runTraining(options(dir)));
    const path = join(dir, "state.safetensors");
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    await assert.rejects(runTraining(options(dir)), /UserError.*state\.safetensors is not a sound safetensors file/s);
    writeFileSync(path, Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")]));
    await assert.rejects(runTraining(options(dir)), /UserError.*does not fit this network: lacks/s);
  });

  it("refuses the state of another network and names what differs", async () => {
    const dir = join(root, "another");
    disposeState(await runTraining(options(dir)));
    const wider = { ...options(dir), start: () => ({ params: { w: tf.zeros([3]) }, moments: { w: tf.zeros([2]) } }) };
    await assert.rejects(runTraining(wider), /"params\.w" is \[2\] instead of \[3\]/);
    await assert.rejects(runTraining(wider), /has unexpected "params\.w\.x"/);
  });
});
