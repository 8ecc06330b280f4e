import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { psnrToTruth } from "../../../lib/evaluation/measure.ts";
import { evaluateModel, evaluationSet } from "../../../lib/evaluation/on-world.ts";
import { remoteModel } from "../../../lib/model/wire/remote.ts";
import { serveModel } from "../../../lib/model/wire/server.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { ask } from "../../../lib/util/wire/client.ts";
import { Blocks, PROTOCOL, packMessage } from "../../../lib/util/wire/message.ts";
import type { Listening } from "../../../lib/util/wire/server.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { fakeModel } from "../fake.ts";

const FRAME = 80 * 48 * 3;
const START = { frame: new Uint8Array(FRAME).fill(9), pose: { x: 0, z: 0, yaw: 0, pitch: 0 } };

describe("world models over a wire", () => {
  const open: Listening[] = [];
  const children: ChildProcess[] = [];
  let dir: string;
  before(async () => {
    await openBackend();
    dir = mkdtempSync(join(tmpdir(), "wire-"));
  });
  after(async () => {
    for (const child of children) child.kill();
    await Promise.all(open.map((server) => server.close()));
    rmSync(dir, { recursive: true });
  });

  const serve = async (sessions?: number): Promise<Listening> => {
    const server = await serveModel({ model: fakeModel({ centre: tf.scalar(0.5) }), name: "fake", sessions });
    open.push(server);
    return server;
  };

  it("ours makes the frames that it makes here, clip by clip, and the same again from the same seeds", async () => {
    const { url } = await serve();
    const remote = await remoteModel({ url });
    assert.deepEqual(remote.camera, courtyard.camera);
    const framesFrom = async (): Promise<Uint8Array> => {
      const rollout = await remote.reset([START, START]);
      for (let n = 0; n < 2; n++)
        await rollout.step(
          [
            [0, 9, 9, 9],
            [1, 1, 1, 1],
          ],
          [Rng.of("a", n), Rng.of("b", n)],
        );
      assert.equal(rollout.length, 2);
      assert.equal(rollout.poses(1).length, 29);
      const frames = rollout.frames(1);
      rollout.dispose();
      return frames;
    };
    const frames = await framesFrom();
    assert.equal(frames.length, 29 * FRAME);
    assert.deepEqual(await framesFrom(), frames);
    const local = await fakeModel({ centre: tf.scalar(0.5) }).reset([START]);
    await local.step([[0, 9, 9, 9]], [Rng.of("remote", Rng.of("b", 0).bits())]);
    assert.equal(frames[0], local.frames(0)[0]);
  });

  it("the Python model of the documentation is evaluated like one of ours", async () => {
    const [, code] = /```python model\.py\n([\s\S]*?)```/.exec(readFileSync("docs/models.md", "utf8")) ?? [];
    writeFileSync(join(dir, "model.py"), code);
    const child = spawn("python3", [join(dir, "model.py"), "0"], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const port = await new Promise<string>((resolve) =>
      child.stdout.once("data", (text) => resolve(String(text).trim())),
    );
    const model = await remoteModel({ url: `http://127.0.0.1:${port}` });
    const set = await evaluationSet(courtyard, "basic", 2, 2);
    const about = { model: "frozen", trainingSeed: 0, samplingSeed: 0 };
    const { rows, videos } = await evaluateModel(about, model, set, [psnrToTruth], [13, 29]);
    assert.deepEqual(videos[0].subarray(0, FRAME), set.prompts[0].start.frame);
    assert.equal(rows.length, 2);
    assert.ok(rows.every(({ values }) => values.every((psnr) => psnr > 5 && psnr < 60)));
  });

  it("a step that is asked for again, since its answer was lost, is not made twice; steps at a time wait for each other", async () => {
    const { url } = await serve();
    const asked = { who: "the model", url, page: "docs/models.md" };
    const blocks = new Blocks();
    const starts = [{ frame: blocks.addFrames(START.frame, courtyard.camera), pose: [0, 0, 0, 0], scale: 1 }];
    const { session } = JSON.parse(
      (await ask(asked, "/reset", packMessage({ protocol: PROTOCOL, starts }, blocks))).toString(),
    );
    const step = (made: number, seed: number): Promise<Buffer> =>
      ask(asked, "/step", packMessage({ protocol: PROTOCOL, session, actions: [[0, 9, 9, 9]], seeds: [seed], made }));
    const [one, again] = await Promise.all([step(0, 1), step(0, 1)]);
    assert.deepEqual(again, one);
    await assert.rejects(step(0, 2), /the session has 1 clips, not 0/);
    assert.notDeepEqual(await step(1, 3), one);
  });

  it("has no more sessions than it may, however they are asked for, and whoever died makes room in time", async () => {
    const remote = await remoteModel({ url: (await serve(1)).url, retries: 0 });
    const begun = await Promise.allSettled([1, 2, 3].map(() => remote.reset([START])));
    assert.deepEqual(begun.map(({ status }) => status).sort(), ["fulfilled", "rejected", "rejected"]);
    const model = fakeModel({ centre: tf.scalar(0.5) });
    const short = await serveModel({ model, name: "short", sessions: 1, idle: 0 });
    open.push(short);
    const other = await remoteModel({ url: short.url, retries: 0 });
    const forgotten = await other.reset([START]);
    await other.reset([START]);
    await assert.rejects(forgotten.step([[0, 0, 0, 0]], [Rng.of(0)]), /there is no session/);
    const many = Array.from({ length: 1025 }, () => START);
    await assert.rejects(other.reset(many), /header's starts/);
  });

  it("what cannot be done is one line: branching, no server, a lost session, too many of them, clips of a wrong size", async () => {
    const server = await serve(1);
    const remote = await remoteModel({ url: server.url, retries: 0 });
    const rollout = await remote.reset([START]);
    await assert.rejects(rollout.sample([[0, 0, 0, 0]], [[{ rng: Rng.of(0) }]]), /only models here are branched/);
    await assert.rejects(remote.reset([START]), /refused: 1 sessions are open/);
    await assert.rejects(
      rollout.step(
        [
          [0, 0, 0, 0],
          [0, 0, 0, 0],
        ],
        [Rng.of(0)],
      ),
      /2 actions and 1 seeds for 1 videos/,
    );
    await server.close();
    await assert.rejects(rollout.step([[0, 0, 0, 0]], [Rng.of(0)]), /the world model at http:\S+ does not answer/);
    const wrong = createServer((request, response) => {
      if (request.url === "/info")
        return response.end(JSON.stringify({ protocol: 1, name: "w", camera: courtyard.camera, step: courtyard.step }));
      if (request.url === "/reset") return response.end('{"session":"1"}');
      const header = Buffer.from('{"clips":[]}');
      return response.end(Buffer.concat([Buffer.from([header.length, 0, 0, 0]), header]));
    });
    await new Promise<void>((resolve) => wrong.listen(0, "127.0.0.1", resolve));
    const other = await remoteModel({ url: `http://127.0.0.1:${(wrong.address() as AddressInfo).port}`, retries: 0 });
    const begun = await other.reset([START]);
    await assert.rejects(begun.step([[0, 0, 0, 0]], [Rng.of(0)]), /answered clips \(none\)/);
    wrong.close();
    wrong.closeAllConnections();
  });
});
