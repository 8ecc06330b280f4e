import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localEngine } from "../../../lib/runtime/engine/local.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { makeDataset } from "../../../lib/world/dataset/make.ts";
import { openDataset } from "../../../lib/world/dataset/read.ts";

const OPTIONS = {
  world: courtyard,
  split: "validation",
  trajectories: 5,
  latents: 5,
  seed: 0,
  trajectoriesPerShard: 2,
} as const;

describe("data sets of a world", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "dataset-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("hold what the world shows along the recorded poses, and say how its camera works", async () => {
    const { description } = await makeDataset({ ...OPTIONS, dir });
    assert.deepEqual(description.world.camera, courtyard.camera);
    const dataset = await openDataset(dir);
    assert.equal(dataset.trajectories, 5);
    const { levelSeed, poses, actions } = dataset.recording(3);
    assert.equal(actions.length, 5);
    assert.deepEqual(dataset.frames(3), await courtyard.level(levelSeed).render(poses));
  });

  it("are the same bytes from one process, from two, and after a break", async () => {
    const other = join(dir, "other");
    const one = await makeDataset({ ...OPTIONS, dir });
    assert.deepEqual(await makeDataset({ ...OPTIONS, dir: other, trajectories: 2 }).then(({ shards }) => shards), [
      one.shards[0],
    ]);
    const engine = localEngine(2);
    try {
      assert.deepEqual((await makeDataset({ ...OPTIONS, dir: other, engine })).shards, one.shards);
    } finally {
      await engine.close();
    }
  });

  it("a damaged shard is made again; reading one says which file", async () => {
    const whole = await makeDataset({ ...OPTIONS, dir });
    const name = Object.keys(whole.shards[1].files).find((file) => file.endsWith(".frames.br")) as string;
    const bytes = readFileSync(join(dir, name));
    truncateSync(join(dir, name), 10);
    const dataset = await openDataset(dir);
    assert.throws(() => dataset.frames(2), new RegExp(`${name} is truncated`));
    await makeDataset({ ...OPTIONS, dir });
    assert.deepEqual(readFileSync(join(dir, name)), bytes);
  });

  it("one folder has one maker: a second is refused in one line, and the first loses nothing", async () => {
    const [first, second] = await Promise.allSettled([
      makeDataset({ ...OPTIONS, dir }),
      makeDataset({ ...OPTIONS, dir, trajectories: 2 }),
    ]);
    assert.equal(first.status, "fulfilled");
    assert.match(String((second as PromiseRejectedResult).reason), /UserError.*is in use: the making of a data set/);
    assert.equal((await openDataset(dir)).trajectories, 5);
    assert.ok(!existsSync(join(dir, "owner.lock")));
  });

  it("refuses a folder of another data set, one that is none, and numbers that make none", async () => {
    await makeDataset({ ...OPTIONS, dir, trajectories: 1 });
    await assert.rejects(makeDataset({ ...OPTIONS, dir, seed: 1 }), /holds a data set of another description/);
    await assert.rejects(makeDataset({ ...OPTIONS, dir, trajectories: 1.5 }), /number of trajectories is 1.5/);
    await assert.rejects(openDataset(join(dir, "nowhere")), /holds no data set/);
    writeFileSync(join(dir, "manifest.json"), "{");
    await assert.rejects(openDataset(dir), UserError);
  });
});
