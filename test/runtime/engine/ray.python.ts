/** The engine on a real Ray cluster of several nodes: `npm run test:python`. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import { NO_EXPLORATION } from "../../../lib/rollout/explore.ts";
import { promptsOf } from "../../../lib/rollout/prompt.ts";
import { rollOutOn } from "../../../lib/rollout/roll-out.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import type { Engine, Job } from "../../../lib/runtime/engine/engine.ts";
import { localEngine } from "../../../lib/runtime/engine/local.ts";
import { rayEngine } from "../../../lib/runtime/engine/ray/ray.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { makeDataset } from "../../../lib/world/dataset/make.ts";
import { fakeModel } from "../../model/fake.ts";
import { fakeCarrier } from "../../model/fake-portable.ts";
import { TestCluster } from "./ray-cluster.ts";
import type { Answered, Asked } from "./tasks.ts";

const TASKS = "test/runtime/engine/tasks.ts";
const asked = (end?: Asked["end"], ...value: number[]): Job<Asked> => ({
  input: { value: Float32Array.from(value), end },
});

describe("workers on a Ray cluster", function () {
  this.timeout(900_000);
  let cluster: TestCluster;
  let engine: Engine;
  let dir: string;
  let first: number;
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "ray-engine-"));
    cluster = await TestCluster.start();
    first = await cluster.addNode(2);
    engine = await rayEngine({ address: cluster.address, workers: 2 });
  });
  after(async () => {
    await engine?.close();
    await cluster?.end();
    rmSync(dir, { recursive: true });
  });
  const run = (...jobs: Job<Asked>[]): Promise<Answered[]> => engine.run<Asked, Answered>(TASKS, jobs);

  it("do jobs with what is stored, and tell how far they are", async () => {
    const weights = await engine.put(new Uint8Array(1 << 20).fill(1));
    const answers = await run(...[1, 2, 3, 4].map((x) => ({ ...asked(undefined, x, x), stored: { weights } })));
    assert.deepEqual(
      answers.map(({ doubled }) => doubled[0]),
      [2, 4, 6, 8],
    );
    assert.ok(answers.every((answer) => answer.weights === 1 << 20));
    const reports: unknown[] = [];
    await engine.run(TASKS, [asked("report", 1)], { onReport: (value) => reports.push(value) });
    assert.deepEqual(reports, [{ part: 1 }, { part: 2 }, { part: 3 }]);
    await assert.rejects(run(asked("refuse", 1)), { name: "UserError", problem: "the clip is bad" });
    await engine.drop(weights);
  });

  it("come to the same bits as local ones: rollouts and data", async () => {
    await openBackend({ prefer: "wasm" });
    const prompts = await promptsOf(courtyard, "rl", "basic", 3, 2);
    const options = { branches: 3, explore: { ...NO_EXPLORATION, eta: 0.5 }, key: [1] };
    const policy = fakeModel({ centre: tf.scalar(0.25) });
    const local = localEngine(1);
    try {
      const [here, there] = await Promise.all(
        [local, engine].map((each) => rollOutOn(each, fakeCarrier)(policy, prompts, 1, options)),
      );
      assert.deepEqual(
        there.map(({ candidates }) => candidates),
        here.map(({ candidates }) => candidates),
      );
    } finally {
      await local.close();
    }
    const data = {
      world: courtyard,
      split: "validation",
      trajectories: 2,
      latents: 3,
      seed: 0,
      trajectoriesPerShard: 1,
    } as const;
    const one = await makeDataset({ ...data, dir: join(dir, "here") });
    assert.deepEqual((await makeDataset({ ...data, dir: join(dir, "there"), engine })).shards, one.shards);
  });

  it("a Node process that dies is replaced, and its job is done by another", async () => {
    const [died, other] = await run(asked({ once: join(dir, "died") }, 3), asked(undefined, 4));
    assert.deepEqual([died.doubled[0], other.doubled[0]], [6, 8]);
  });

  it("a node that is killed in mid-run loses nothing, once another has joined", async () => {
    const running = run(...[1, 2, 3].map((x) => asked({ wait: 15_000 }, x)));
    await delay(5000);
    await cluster.killNode(first);
    await cluster.addNode(2);
    assert.deepEqual(
      (await running).map(({ doubled }) => doubled[0]),
      [2, 4, 6],
    );
  });

  it("are reached through a Ray client as well", async () => {
    await engine.close();
    engine = await rayEngine({ address: cluster.client, workers: 1 });
    const weights = await engine.put(Uint8Array.of(1, 2, 3));
    assert.equal((await run({ ...asked(undefined, 1, 2), stored: { weights } }))[0].weights, 6);
  });

  it("a cluster that is gone is one line", async () => {
    const lost = assert.rejects(
      run(asked({ wait: 600_000 }, 1)),
      /the Ray cluster .* is lost.*\n.*a run goes on from its last state/,
    );
    await cluster.end();
    await lost;
    const none = await rayEngine({ address: "127.0.0.1:1", workers: 1 });
    await assert.rejects(none.run(TASKS, [asked(undefined, 1)]), /the Ray cluster \(127\.0\.0\.1:1\) is lost/);
    await none.close();
  });
});
