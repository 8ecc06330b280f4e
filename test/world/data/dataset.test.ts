import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../lib/util/errors.ts";
import { type GenerateOptions, generateDataset, openDataset, RECIPES } from "../../../lib/world/data/index.ts";
import { FORMAT } from "../../../lib/world/data/manifest.ts";
import { framesOf, type Pose } from "../../../lib/world/index.ts";
import { makeScene, renderPath } from "../../../lib/world/plane/index.ts";

const LATENTS = 5;
const small = (dir: string): GenerateOptions => {
  return { dir, split: "rl", trajectories: 5, latents: LATENTS, seed: 3, trajectoriesPerShard: 2 };
};
const contents = (dir: string) =>
  Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name))]));

function posesOf(flat: Float64Array): Pose[] {
  const rows = Array.from({ length: flat.length / 4 }, (_, i) => flat.subarray(4 * i, 4 * i + 4));
  return rows.map(([x, z, yaw, pitch]) => ({ x, z, yaw, pitch }));
}

describe("data set", () => {
  let root: string;
  let dir: string;
  let fresh: Record<string, Buffer>;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), "dataset-"));
    dir = join(root, "rl");
    await generateDataset(small(dir));
    fresh = contents(dir);
  });
  after(() => rmSync(root, { recursive: true }));
  /** Each test may harm the files; what is harmed is made again. */
  afterEach(() => {
    for (const [name, bytes] of Object.entries(fresh)) writeFileSync(join(dir, name), bytes);
  });

  const failure = async (action: () => Promise<unknown>): Promise<UserError> => {
    const error = await action().then(
      () => assert.fail("no error"),
      (caught: unknown) => caught,
    );
    assert.ok(error instanceof UserError, String(error));
    return error;
  };
  const readAll = async () => {
    const data = await openDataset(dir);
    return Array.from({ length: data.trajectories }, (_, i) => data.read(i));
  };

  it("reads back what the renderer gives for the stored poses, and the stored actions", async () => {
    const recordings = await readAll();
    assert.equal(recordings.length, 5);
    for (const { sceneSeed, commanded, executed, poses, frames } of recordings) {
      assert.equal(commanded.length, LATENTS);
      assert.deepEqual(commanded, executed);
      assert.equal(poses.length, 4 * framesOf(LATENTS));
      assert.deepEqual(frames, renderPath(makeScene(sceneSeed), posesOf(poses)));
    }
    assert.equal(new Set(recordings.map((recording) => recording.sceneSeed)).size, 5);
  });

  it("is the same, byte for byte, in another folder and by two processes", async function () {
    this.timeout(20_000);
    const other = join(root, "other");
    await generateDataset({ ...small(other), workers: 2 });
    assert.deepEqual(contents(other), fresh);
  });

  it("goes on where it was cut off: only missing or harmed shards are made again", async () => {
    rmSync(join(dir, "shard-0001.frames.br"));
    truncateSync(join(dir, "shard-0002.poses.parquet"), 10);
    await generateDataset(small(dir));
    assert.deepEqual(contents(dir), fresh);
  });

  it("grows when more trajectories are asked for", async () => {
    const grown = join(root, "grown");
    await generateDataset({ ...small(grown), trajectories: 3 });
    await generateDataset(small(grown));
    assert.deepEqual(contents(grown), fresh);
  });

  it("is readable while it grows", async () => {
    const manifest = JSON.parse(fresh["manifest.json"].toString());
    writeFileSync(join(dir, "manifest.json"), JSON.stringify({ ...manifest, shards: manifest.shards.slice(0, 1) }));
    assert.equal((await openDataset(dir)).trajectories, 2);
  });

  it("names a truncated shard and what to do", async () => {
    truncateSync(join(dir, "shard-0001.frames.br"), 100);
    const { problem, mend } = await failure(readAll);
    assert.match(problem, /shard-0001\.frames\.br is truncated: it has 100 of \d+ bytes/);
    assert.match(mend, /npm run data/);
  });

  it("names a corrupted shard", async () => {
    const path = join(dir, "shard-0000.actions.parquet");
    const bytes = readFileSync(path);
    bytes[20] ^= 1;
    writeFileSync(path, bytes);
    assert.match((await failure(readAll)).problem, /shard-0000\.actions\.parquet is corrupted/);
  });

  it("names a missing file, a missing data set and a manifest that is none", async () => {
    rmSync(join(dir, "shard-0000.poses.parquet"));
    assert.match((await failure(readAll)).problem, /shard-0000\.poses\.parquet is missing/);
    assert.match((await failure(() => openDataset(join(root, "nowhere")))).problem, /nowhere holds no data set/);
    writeFileSync(join(dir, "manifest.json"), "{");
    assert.match((await failure(readAll)).problem, /manifest\.json is not a data set's manifest/);
    writeFileSync(join(dir, "manifest.json"), '{"config": {"format": 99}, "shards": []}');
    assert.match((await failure(readAll)).problem, new RegExp(`not of data format ${FORMAT}`));
  });

  it("refuses to mix configurations, and impossible ones", async () => {
    assert.match((await failure(() => generateDataset({ ...small(dir), seed: 4 }))).problem, /another configuration/);
    assert.match((await failure(() => generateDataset({ ...small(dir), trajectories: 4 }))).mend, /ask for more/);
    for (const wrong of [{ trajectories: 0 }, { latents: 1.5 }, { seed: -1 }, { seed: Number.NaN }]) {
      await failure(() => generateDataset({ ...small(join(root, "wrong")), ...wrong }));
    }
    assert.ok(!existsSync(join(root, "wrong")));
  });

  it("there is no trajectory beyond the last", async () => {
    const data = await openDataset(dir);
    assert.throws(() => data.read(5), UserError);
  });

  it("takes another recipe", async () => {
    const odd = join(root, "odd");
    const recipe = { ...RECIPES.rl, kinds: ["mix"] as const, combinedFraction: 0, noneFraction: 1 };
    await generateDataset({ ...small(odd), trajectories: 1, recipe });
    assert.deepEqual([...(await openDataset(odd)).read(0).commanded], [0, 0, 0, 0, 0]);
  });
});
