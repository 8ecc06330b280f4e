import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { remoteModel } from "../../../lib/model/wire/remote.ts";
import { ensureExtra, LEROBOT } from "../../../lib/runtime/setup/extras.ts";
import { Rng } from "../../../lib/util/rng.ts";

const FRAME = 80 * 48 * 3;

describe("the documentation's world models in Python", function () {
  // Its first run installs PyTorch.
  this.timeout(3_600_000);
  let dir: string;
  let python: string;
  const children: ChildProcess[] = [];
  before(async () => {
    python = await ensureExtra(LEROBOT);
    dir = mkdtempSync(join(tmpdir(), "models-"));
    const page = readFileSync("docs/models.md", "utf8");
    for (const [, name, code] of page.matchAll(/```python (\S+)\n([\s\S]*?)```/g)) writeFileSync(join(dir, name), code);
  });
  after(() => {
    for (const child of children) child.kill();
    rmSync(dir, { recursive: true });
  });

  async function served(...args: string[]): Promise<string> {
    const child = spawn(python, args, { cwd: dir, stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const port = await new Promise<string>((done) => child.stdout.once("data", (text) => done(String(text).trim())));
    return `http://127.0.0.1:${port}`;
  }

  const start = (grey: number) => ({ frame: new Uint8Array(FRAME).fill(grey), pose: { x: 0, z: 0, yaw: 0, pitch: 0 } });

  it("the PyTorch network makes clips of the right size, the same from the same seed", async () => {
    const model = await remoteModel({ url: await served("torch_model.py", "0"), timeout: 600 });
    const film = async (seed: number, action: number): Promise<Uint8Array> => {
      const rollout = await model.reset([start(100)]);
      await rollout.step([[0, 9, 9, 9]], [Rng.of(seed)]);
      await rollout.step([[action, 9, 9, 9]], [Rng.of(seed, 1)]);
      return rollout.frames(0);
    };
    const one = await film(1, 9);
    assert.equal(one.length, 29 * FRAME);
    assert.deepEqual(one.subarray(0, FRAME), start(100).frame);
    assert.deepEqual(await film(1, 9), one);
    assert.notDeepEqual(await film(2, 9), one);
    assert.notDeepEqual(await film(1, 2), one);
  });

  it("recordings are played back by their first picture, and stand still at their end", async () => {
    const script =
      "import numpy as np\nfor n in (10, 200):\n  np.save(f'{n}.npy', np.stack([np.full((48, 80, 3), n + f, np.uint8) for f in range(20)]))";
    execFileSync(python, ["-c", script], { cwd: dir });
    const model = await remoteModel({ url: await served("playback.py", "0", "10.npy", "200.npy"), timeout: 600 });
    const rollout = await model.reset([start(11), start(190)]);
    for (let n = 0; n < 2; n++)
      await rollout.step(
        [
          [0, 9, 9, 9],
          [0, 1, 1, 1],
        ],
        [Rng.of(0), Rng.of(1)],
      );
    const greys = (i: number): number[] => [0, 12, 13, 19, 28].map((f) => rollout.frames(i)[f * FRAME]);
    assert.deepEqual(greys(0), [10, 22, 23, 29, 29]);
    assert.deepEqual(greys(1), [200, 212, 213, 219, 219]);
  });
});
