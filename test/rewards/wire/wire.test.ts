import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import type { Reward, RewardInput } from "../../../lib/rewards/reward.ts";
import { remoteReward } from "../../../lib/rewards/wire/client.ts";
import { decodeClips, encodeClips } from "../../../lib/rewards/wire/message.ts";
import { serveReward } from "../../../lib/rewards/wire/server.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { ask } from "../../../lib/util/wire/client.ts";
import type { Listening } from "../../../lib/util/wire/server.ts";

const CAMERA = { width: 80, height: 48 };
const FRAME = 80 * 48 * 3;

/** A clip whose pixels all have one value. */
const clipOf = (grey: number, past = false): RewardInput => ({
  frames: new Uint8Array(17 * FRAME).fill(grey),
  first: new Uint8Array(FRAME).fill(1),
  actions: new Int32Array(16).fill(9),
  ...(past
    ? {
        history: {
          poses: [{ x: 1, z: 2, yaw: 0.5, pitch: -0.1 }],
          upcoming: [{ x: 1, z: 2.1, yaw: 0.5, pitch: -0.1 }],
          frames: () => new Uint8Array(13 * FRAME).fill(7),
        },
      }
    : {}),
});

const brightness: Reward = { name: "brightness", score: (clips) => clips.map(({ frames }) => frames[0] / 255) };

describe("rewards over a wire", () => {
  const open: Listening[] = [];
  const children: ChildProcess[] = [];
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "wire-"));
  });
  after(async () => {
    for (const child of children) child.kill();
    await Promise.all(open.map((scorer) => scorer.close()));
    rmSync(dir, { recursive: true });
  });

  const serve = async (reward: Reward, options = {}): Promise<Listening> => {
    const scorer = await serveReward({ reward, ...options });
    open.push(scorer);
    return scorer;
  };

  /** The code block of docs/scorers.md of that name, as a file. */
  function fromDocs(name: string): string {
    const [, code] =
      new RegExp(`\`\`\`python ${name}\n([^]*?)\`\`\``).exec(readFileSync("docs/scorers.md", "utf8")) ?? [];
    writeFileSync(join(dir, name), code);
    return join(dir, name);
  }

  it("a message holds what was put in, to the byte; a damaged one is an error and nothing else", () => {
    const clips = [clipOf(3), clipOf(200, true)];
    const message = encodeClips(clips, { ...CAMERA, past: true });
    const back = decodeClips(message);
    assert.deepEqual(
      back.map(({ frames, first, actions }) => [frames, first, actions]),
      clips.map(({ frames, first, actions }) => [frames, first, actions]),
    );
    assert.deepEqual(back[1].history?.poses, clips[1].history?.poses);
    assert.deepEqual(back[1].history?.frames(), clips[1].history?.frames());
    const header = 4 + message.readUInt32LE();
    fc.assert(
      fc.property(fc.nat(header - 1), fc.nat(255), fc.nat(message.length), (at, value, length) => {
        const damaged = Buffer.from(message.subarray(0, Math.min(length, header + 1000)));
        if (at < damaged.length) damaged[at] = value;
        try {
          decodeClips(damaged);
        } catch (error) {
          assert.ok(error instanceof UserError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("ours is scored as if it were here, in batches and several at a time", async () => {
    const { url } = await serve(brightness);
    const remote = await remoteReward({ name: "mine", url, camera: CAMERA, batch: 2, side: 3 });
    const clips = Array.from({ length: 7 }, (_, i) => clipOf(30 * i));
    assert.deepEqual(await remote.score(clips), brightness.score(clips));
    assert.equal(remote.name, "mine");
  });

  it("frames before a clip travel where the scorer needs them", async () => {
    const looksBack: Reward = {
      name: "back",
      score: (clips) => clips.map(({ history }) => history?.frames()[0] ?? 0),
    };
    const needs = await remoteReward({
      name: "a",
      url: (await serve(looksBack, { needsPast: true })).url,
      camera: CAMERA,
    });
    assert.deepEqual(await needs.score([clipOf(1, true)]), [7]);
    const lacks = await remoteReward({ name: "b", url: (await serve(looksBack)).url, camera: CAMERA, retries: 0 });
    await assert.rejects(lacks.score([clipOf(1, true)]), /"b" .*frames before the clip were not sent/);
  });

  it("the Python server of the documentation scores, and its Python client asks ours", async () => {
    const child = spawn("python3", [fromDocs("scorer.py"), "0"], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const port = await new Promise<string>((resolve) =>
      child.stdout.once("data", (text) => resolve(String(text).trim())),
    );
    const remote = await remoteReward({ name: "python", url: `http://127.0.0.1:${port}`, camera: CAMERA });
    const [dark, bright] = await remote.score([clipOf(51), clipOf(204)]);
    assert.ok(Math.abs(dark - 0.2) < 1e-9 && Math.abs(bright - 0.8) < 1e-9, `${dark}, ${bright}`);
    const { url } = await serve(brightness);
    const { stdout } = await promisify(execFile)("python3", [fromDocs("client.py"), url]);
    assert.equal(stdout.trim(), "[0]");
  });

  it("a scorer that dies, is slow, or gives what are no scores is one line that names it", async () => {
    const dying = await serveReward({ reward: brightness });
    const remote = await remoteReward({ name: "mine", url: dying.url, camera: CAMERA, retries: 0 });
    await dying.close();
    await assert.rejects(
      remote.score([clipOf(1)]),
      /the scorer "mine" at http:\S+ does not answer.*; a run goes on from its last state/s,
    );
    const wrong: [number[], RegExp][] = [
      [[1, 2], /gave \[1,2\] for 1 clips/],
      [[Number.NaN], /gave \[NaN\] for 1 clips/],
    ];
    for (const [scores, message] of wrong) {
      const { url } = await serve({ name: "wrong", score: () => scores });
      const asked = await remoteReward({ name: "mine", url, camera: CAMERA, retries: 0 });
      await assert.rejects(asked.score([clipOf(1)]), message);
    }
    const slow = createServer((request, response) => {
      if (request.url === "/info") response.end(JSON.stringify({ protocol: 1, name: "slow", needs: [] }));
    });
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
    const waiting = await remoteReward({ name: "slow", url, camera: CAMERA, retries: 0, timeout: 0.2 });
    await assert.rejects(waiting.score([clipOf(1)]), /did not answer within 0.2 s/);
    slow.close();
    slow.closeAllConnections();
  });

  it("what is no http address is refused at once, and an answer without end is not read to it", async () => {
    for (const url of ["file:///etc/passwd", "ftp://127.0.0.1/", "127.0.0.1:9000", ""])
      await assert.rejects(
        remoteReward({ name: "mine", url, camera: CAMERA }),
        /scorer "mine": ".*" is no http address/,
      );
    const endless = createServer((_, response) => {
      const more = (): void => {
        while (response.writable && response.write(Buffer.alloc(1 << 16, "x")));
      };
      response.on("drain", more);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    const asked = { who: "the scorer", url, limit: 1 << 20, page: "docs/scorers.md" };
    await assert.rejects(ask(asked, "/info"), /UserError: the scorer at http:\S+ answered more than 1048576 bytes/);
    endless.close();
    endless.closeAllConnections();
  });

  it("an address that the system refuses is one line", async () => {
    const { url } = await serve(brightness);
    const port = Number(new URL(url).port);
    await assert.rejects(
      serveReward({ reward: brightness, port }),
      new RegExp(`UserError: 127\\.0\\.0\\.1:${port}: another program listens there`),
    );
    const elsewhere = serveReward({ reward: brightness, host: "192.0.2.1", token: "t" });
    await assert.rejects(elsewhere, /UserError: 192\.0\.2\.1:0: this machine has no such address/);
  });

  it("a passing failure is tried again with the same request, and gives the same answer", async () => {
    let tries = 0;
    const bodies: Buffer[] = [];
    const shaky = createServer(async (request, response) => {
      if (request.url === "/info") return response.end(JSON.stringify({ protocol: 1, name: "shaky", needs: [] }));
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      bodies.push(Buffer.concat(parts));
      if (++tries === 1) return response.writeHead(503).end('{"error":"warming up"}');
      return response.end(JSON.stringify({ scores: brightness.score(decodeClips(bodies[0])) }));
    });
    await new Promise<void>((resolve) => shaky.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(shaky.address() as AddressInfo).port}`;
    const remote = await remoteReward({ name: "shaky", url, camera: CAMERA });
    assert.deepEqual(await remote.score([clipOf(102)]), [0.4]);
    assert.deepEqual(bodies[0], bodies[1]);
    shaky.close();
    shaky.closeAllConnections();
  });

  it("listens on this machine alone unless it has a token, caps what it reads, and lets nobody in without", async () => {
    await assert.rejects(serveReward({ reward: brightness, host: "0.0.0.0" }), /without a token/);
    const token = `t${Rng.of("token").bits()}`;
    const { url } = await serve(brightness, { token });
    await assert.rejects(remoteReward({ name: "x", url, camera: CAMERA }), /token is missing or wrong/);
    const known = await remoteReward({ name: "x", url, camera: CAMERA, token });
    assert.deepEqual(await known.score([clipOf(51)]), [0.2]);
    const small = await serve(brightness, { limit: 1000 });
    const tooMuch = await remoteReward({ name: "x", url: small.url, camera: CAMERA });
    await assert.rejects(tooMuch.score([clipOf(1)]), /larger than 1000 bytes|does not answer/);
    const nowhere = await fetch(`${(await serve(brightness)).url}/etc/passwd`);
    assert.equal(nowhere.status, 404);
  });
});
