/** What a run does when something goes wrong: numbers, signals, kills, disks, damaged files. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { loadParams } from "../../../lib/model/nn/checkpoint.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { readMetrics, runTraining } from "../../../lib/training/run.ts";
import { EVENTS } from "../../../lib/training/tensorboard.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { encodeSafetensors, readSafetensors } from "../../../lib/util/safetensors.ts";
import { before as beforeStep, disposeState, options } from "./small.ts";

const PROGRAM = ["--import", "tsx", "test/training/run/program.ts"];

const start = (dir: string, pause: number): ChildProcess =>
  spawn(process.execPath, [...PROGRAM, "--dir", dir, "--pause", String(pause)], {
    stdio: ["ignore", "ignore", "pipe"],
  });

/** What became of a program: its code, its signal and what it said. */
function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null; said: string }> {
  let said = "";
  child.stderr?.on("data", (text) => {
    said += text;
  });
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, said })));
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !condition(); ) {
    if (Date.now() > end) assert.fail("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("a run in trouble", () => {
  let root: string;
  let expected: string[];
  const contents = (dir: string): string[] =>
    ["state.safetensors", "metrics.jsonl", "config.json"].map((name) => readFileSync(join(dir, name), "hex"));
  const stepOf = (dir: string): string => readSafetensors(join(dir, "state.safetensors")).metadata.step;

  before(async () => {
    await openBackend();
    root = mkdtempSync(join(tmpdir(), "run-trust-"));
    disposeState(await runTraining(options(join(root, "straight"))));
    expected = contents(join(root, "straight"));
  });
  after(() => rmSync(root, { recursive: true }));

  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, undefined]) {
    it(`ends at a step whose loss is ${value}, names both, and keeps the last good state`, async () => {
      const dir = join(root, `loss-${value}`);
      const run = options(dir);
      const step: typeof run.step = (state, i) => {
        const result = run.step(state, i);
        return i === 4 ? { ...result, metrics: { loss: value as number } } : result;
      };
      await assert.rejects(runTraining({ ...run, step }), (error: UserError) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.problem, `step 5: loss is ${value}`);
        return true;
      });
      assert.equal(stepOf(dir), "4");
      assert.deepEqual(
        readMetrics(dir).map(({ step }) => step),
        [2, 3, 4],
      );
      disposeState(await runTraining(run));
      assert.deepEqual(contents(dir), expected);
    });
  }

  it("ends where a save would replace the last good state by one that is not finite, and names the tensor", async () => {
    const dir = join(root, "weights");
    const run = options(dir);
    const step: typeof run.step = async (state, i) => {
      const result = await run.step(state, i);
      if (i === 3) result.state.moments.w = tf.tensor1d([1, Number.NaN]);
      return result;
    };
    await assert.rejects(
      runTraining({ ...run, step, onSave: undefined }),
      /UserError: step 6: moments\.w is not finite/,
    );
    assert.equal(stepOf(dir), "3");
  });

  it("ends where what a save measures is not finite", async () => {
    const dir = join(root, "validation");
    const run = { ...options(dir), onSave: (_: unknown, step: number) => ({ moment: step === 6 ? Number.NaN : 1 }) };
    await assert.rejects(runTraining(run), /UserError: step 6: moment is NaN/);
    assert.equal(stepOf(dir), "3");
  });

  it("does not take up a state that is not finite", async () => {
    const dir = join(root, "taken-up");
    disposeState(await runTraining(options(dir)));
    const path = join(dir, "state.safetensors");
    const { tensors, metadata } = readSafetensors(path);
    const { seal: _, ...earlier } = metadata;
    tensors["params.w"].data[0] = Number.NaN;
    writeFileSync(path, encodeSafetensors(tensors, earlier));
    await assert.rejects(runTraining(options(dir)), /UserError.*"params\.w" is not finite/s);
  });

  for (const [signal, code] of [
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const) {
    it(`at ${signal} saves, says where the run goes on, and goes on there as if nothing had been`, async () => {
      const dir = join(root, signal);
      const child = start(dir, 300);
      const result = ended(child);
      await until(() => existsSync(join(dir, "metrics.jsonl")));
      child.kill(signal);
      const { code: actual, said } = await result;
      assert.equal(actual, code, said);
      assert.match(
        said,
        new RegExp(`${signal}: stopped after step [2-6] of 7, saved in .*\n  -> the same command goes on`),
      );
      assert.ok(!existsSync(join(dir, "owner.lock")));
      disposeState(await runTraining(options(dir)));
      assert.deepEqual(contents(dir), expected);
    });
  }

  it("has one owner: a second start is refused, names the first, and changes nothing", async () => {
    const dir = join(root, "owned");
    const child = start(dir, 400);
    const result = ended(child);
    await until(() => existsSync(join(dir, "config.json")));
    await assert.rejects(
      runTraining(options(dir)),
      new RegExp(`is in use: a training runs there \\(process ${child.pid}`),
    );
    await assert.rejects(runTraining({ ...options(dir), config: {} }), /is in use/);
    assert.equal((await result).code, 0);
    assert.deepEqual(contents(dir), expected);
  });

  it("two runs of one process on one folder do not run either", async () => {
    const dir = join(root, "twice");
    const [first, second] = await Promise.allSettled([runTraining(options(dir)), runTraining(options(dir))]);
    assert.equal(first.status, "fulfilled");
    assert.equal(second.status, "rejected");
    assert.deepEqual(contents(dir), expected);
  });

  it("after a kill the lock does not count, the rest of unfinished files goes, and the run ends as if nothing had been", async () => {
    const dir = join(root, "killed");
    const child = start(dir, 200);
    const result = ended(child);
    await until(() => existsSync(join(dir, "state.safetensors")));
    child.kill("SIGKILL");
    assert.equal((await result).signal, "SIGKILL");
    mkdirSync(join(dir, "samples"));
    for (const name of ["state.safetensors", "samples/00001.mp4"])
      writeFileSync(join(dir, `${name}.${child.pid}.tmp`), "half");
    assert.ok(existsSync(join(dir, "owner.lock")));
    disposeState(await runTraining(options(dir)));
    assert.deepEqual(contents(dir), expected);
    assert.deepEqual(readdirSync(dir).sort(), ["config.json", EVENTS, "metrics.jsonl", "samples", "state.safetensors"]);
    assert.deepEqual(readdirSync(join(dir, "samples")), []);
  });

  it("a lock whose number was given to another process meanwhile does not count", async () => {
    const dir = join(root, "recycled");
    mkdirSync(dir);
    const { hostname } = await import("node:os");
    writeFileSync(join(dir, "owner.lock"), [process.pid, "mark", "another boot 1", hostname(), "then"].join("\n"));
    disposeState(await runTraining(options(dir)));
    assert.deepEqual(contents(dir), expected);
  });

  it("ends with npm, and keeps what it had reached", async function () {
    if (process.platform !== "linux") this.skip();
    const dir = join(root, "orphan");
    const shell = spawn(
      "sh",
      ["-c", `"${process.execPath}" ${PROGRAM.join(" ")} --dir "${dir}" --steps 1000 --pause 20; true`],
      {
        env: { ...process.env, npm_lifecycle_event: "train" },
        stdio: "ignore",
      },
    );
    await until(() => existsSync(join(dir, "state.safetensors")));
    shell.kill("SIGKILL");
    await until(() => !existsSync(join(dir, "owner.lock")));
    const step = Number(stepOf(dir));
    assert.ok(step >= 3 && step < 1000, `${step}`);
  });

  it("is refused, in one line, when the state, the record or the configuration were changed", async () => {
    const damages: [string, (path: string) => void, RegExp][] = [
      ["state.safetensors", flip, /checksum does not match|is not a sound safetensors file|does not fit/],
      [
        "metrics.jsonl",
        (path) => truncateSync(path, readFileSync(path, "utf8").lastIndexOf("\n", -2) - 20),
        /is not the record/,
      ],
      ["metrics.jsonl", (path) => rmSync(path), /is not the record/],
      ["metrics.jsonl", flip, /is not the record/],
      ["config.json", (path) => writeFileSync(path, "{"), /is not JSON/],
      ["config.json", (path) => writeFileSync(path, "[]"), /does not hold an object/],
    ];
    for (const [i, [name, damage, message]] of damages.entries()) {
      const dir = join(root, `damaged-${i}`);
      disposeState(await runTraining(options(dir)));
      damage(join(dir, name));
      await assert.rejects(runTraining(options(dir)), (error: unknown) => {
        assert.ok(error instanceof UserError, `${name}: ${error}`);
        assert.match(error.problem, message);
        return true;
      });
    }
  });

  it("a state does not go on under another configuration, whatever config.json says", async () => {
    const dir = join(root, "forged");
    disposeState(await runTraining(options(dir)));
    const other = { ...options(dir), config: { steps: 7, seed: 2 } };
    writeFileSync(join(dir, "config.json"), JSON.stringify(other.config));
    await assert.rejects(runTraining(other), /UserError.*saved with another config\.json: seed is 1 instead of 2/s);
    rmSync(join(dir, "config.json"));
    disposeState(await runTraining(options(dir)));
    assert.deepEqual(contents(dir), expected);
  });

  it("a run folder of the version before, without checksums, goes on", async () => {
    const dir = join(root, "earlier");
    await assert.rejects(runTraining(beforeStep(5, failNow, options(dir))), /now/);
    const path = join(dir, "state.safetensors");
    const { tensors, metadata } = readSafetensors(path);
    writeFileSync(path, encodeSafetensors(tensors, { step: metadata.step, groups: metadata.groups }));
    disposeState(await runTraining(options(dir)));
    assert.deepEqual(contents(dir), expected);
  });

  it("says in one line which line of a record is damaged", () => {
    const dir = join(root, "lines");
    mkdirSync(dir);
    for (const line of [
      "{",
      "[]",
      "3",
      '{"loss":1}',
      '{"step":-1}',
      '{"step":"1"}',
      '{"step":2,"loss":"x"}',
      '{"step":2,"loss":{}}',
    ]) {
      writeFileSync(join(dir, "metrics.jsonl"), `{"step":1,"loss":2}\n${line}\n`);
      assert.throws(() => readMetrics(dir), /UserError.*metrics\.jsonl, line 2/s, line);
    }
    assert.throws(() => readMetrics(join(root, "nowhere")), UserError);
  });

  it("reads a null of an earlier version as what it was", () => {
    const dir = join(root, "null");
    mkdirSync(dir);
    writeFileSync(join(dir, "metrics.jsonl"), '{"step":1,"loss":null}\n');
    assert.deepEqual(readMetrics(dir), [{ step: 1, loss: Number.NaN }]);
  });

  it("measures where it begins once, and again where it was killed before the first save", async () => {
    const dir = join(root, "base");
    const run = { ...options(dir), onStart: () => ({ moment: 7 }) };
    await assert.rejects(runTraining(beforeStep(0, failNow, run)), /now/);
    writeFileSync(join(dir, "metrics.jsonl"), "");
    disposeState(await runTraining(run));
    assert.deepEqual(readMetrics(dir)[0], { step: 0, moment: 7 });
    disposeState(await runTraining(run));
    assert.equal(readMetrics(dir).filter(({ step }) => step === 0).length, 1);
  });

  it("visits the state of the step that it names, also where it was broken off", async () => {
    const dir = join(root, "visits");
    const seen: [number, number][] = [];
    const visit = {
      every: 2,
      at: ({ params }: { [group: string]: { [name: string]: tf.Tensor } }, step: number) => {
        seen.push([step, params.w.dataSync()[0]]);
      },
    };
    await assert.rejects(runTraining({ ...beforeStep(5, failNow, options(dir)), visit }), /now/);
    disposeState(await runTraining({ ...options(dir), visit }));
    assert.deepEqual(
      seen.map(([step]) => step),
      [2, 4, 6, 7],
    );
    const metrics = await lossAt(join(root, "visits-all"));
    for (const [step, value] of seen) assert.equal(value, metrics.get(step));
  });

  it("refuses counts that are none before anything is written", async () => {
    const dir = join(root, "counts");
    for (const part of [{ steps: 0 }, { steps: 1.5 }, { saveEvery: 0 }, { saveEvery: -1 }, { logEvery: Number.NaN }]) {
      await assert.rejects(runTraining({ ...options(dir), ...part }), UserError, JSON.stringify(part));
    }
    await assert.rejects(runTraining({ ...options(dir), visit: { every: 0, at: () => undefined } }), UserError);
    assert.ok(!existsSync(dir));
  });

  it("a folder that is a file, or that cannot be written to, or a full disk, is told in one line", async () => {
    writeFileSync(join(root, "file"), "mine");
    await assert.rejects(runTraining(options(join(root, "file"))), /UserError.*file/s);
    assert.equal(readFileSync(join(root, "file"), "utf8"), "mine");
    if (process.getuid?.() === 0) return;
    mkdirSync(join(root, "read-only"));
    chmodSync(join(root, "read-only"), 0o500);
    await assert.rejects(runTraining(options(join(root, "read-only/run"))), /UserError.*access is denied/s);
  });

  it("a limit on what may be written ends it in one line, and the last state is whole", function () {
    if (process.platform !== "linux") this.skip();
    const dir = join(root, "full");
    // Nothing larger than one block can be written; the record of 3000 steps is.
    const { status, stderr } = spawnSync(
      "sh",
      ["-c", `trap '' XFSZ; ulimit -f 8; "${process.execPath}" ${PROGRAM.join(" ")} --dir "${dir}" --steps 3000`],
      { encoding: "utf8" },
    );
    assert.equal(status, 1, stderr);
    assert.match(stderr.split("\n").slice(-3).join("\n"), /metrics\.jsonl: .*\n {2}-> /);
    assert.doesNotMatch(stderr, /\n\s+at /);
    loadParams(join(dir, "state.safetensors"), { finite: true });
  });
});

const failNow = (): never => {
  throw new Error("now");
};

const flip = (path: string): void => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 4;
  writeFileSync(path, bytes);
};

/** The first weight after every step of a run without a break. */
async function lossAt(dir: string): Promise<Map<number, number>> {
  disposeState(await runTraining({ ...options(dir), logEvery: 1 }));
  return new Map(readMetrics(dir).map(({ step, loss }) => [step, loss]));
}
