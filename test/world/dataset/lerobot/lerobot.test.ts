import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { courtyard } from "../../../../lib/world/courtyard/courtyard.ts";
import { importLerobot } from "../../../../lib/world/dataset/lerobot/import.ts";
import {
  MAPPING_FILE,
  type Mapping,
  mappingSchema,
  readMapping,
} from "../../../../lib/world/dataset/lerobot/mapping.ts";
import { openLerobot } from "../../../../lib/world/dataset/lerobot/read.ts";
import { encodeTable, readTable } from "../../../../lib/world/dataset/lerobot/table.ts";
import { exportLerobot } from "../../../../lib/world/dataset/lerobot/write.ts";
import { makeDataset } from "../../../../lib/world/dataset/make.ts";
import { type Dataset, openDataset } from "../../../../lib/world/dataset/read.ts";

const SIZE = { width: 80, height: 48 };
const CAMERA = "observation.images.camera";
const LATENTS = 5;
const FRAMES = 4 * LATENTS - 3;

describe("LeRobotDataset v3.0", () => {
  let dir: string;
  let ours: Dataset;
  const inDir = (...parts: string[]): string => join(dir, ...parts);
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "lerobot-"));
    const made = {
      world: courtyard,
      dir: inDir("ours"),
      split: "rl",
      trajectories: 5,
      latents: LATENTS,
      seed: 0,
    } as const;
    await makeDataset({ ...made, trajectoriesPerShard: 3 });
    ours = await openDataset(inDir("ours"));
    await exportLerobot(ours, { dir: inDir("images"), images: true, episodesPerFile: 2, filesPerChunk: 2 });
    await exportLerobot(ours, { dir: inDir("videos"), episodesPerFile: 3 });
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("holds tables with lists and pictures, and is read by rows", async () => {
    const path = inDir("table.parquet");
    const columns = {
      n: { kind: "int64", values: [1, 2, 3] },
      v: { kind: "float32", depth: 1, values: [[0.5, 1], [], [2]] },
      deep: { kind: "float64", depth: 3, values: [[[[1]], [[2]]], [[[3]]], [[[4]]]] },
      name: { kind: "text", depth: 1, values: [["a", "ö"], ["b"], []] },
      look: { kind: "picture", values: [1, 2, 3].map((n) => ({ bytes: Uint8Array.of(n, 255), path: `${n}.png` })) },
    } as const;
    writeFileSync(path, encodeTable(columns, { note: "x" }));
    assert.deepEqual(await readTable(path, ["n", "v", "deep", "name"], [1, 3]), [
      { n: 2, v: [], deep: [[[3]]], name: ["b"] },
      { n: 3, v: [2], deep: [[[4]]], name: [] },
    ]);
    const [, , { look }] = await readTable(path, ["look"]);
    assert.deepEqual(look, { bytes: Uint8Array.of(3, 255), path: "3.png" });
  });

  it("of ours comes back: numbers and PNG to the byte, H.264 nearly, over several files and chunks", async () => {
    assert.ok(existsSync(inDir("images", "data", "chunk-001", "file-000.parquet")));
    const images = await openLerobot(inDir("images"));
    const videos = await openLerobot(inDir("videos"));
    for (const [set, loss] of [
      [images, 0],
      [videos, 4],
    ] as const) {
      assert.equal(set.episodes, 5);
      for (const episode of [0, 1, 4]) {
        const { actions, poses } = ours.recording(episode);
        const numbers = await set.numbers(episode, ["action.id", "observation.state"]);
        assert.deepEqual(
          numbers["action.id"].slice(0, -1).map(([id]) => id),
          Array.from({ length: FRAMES - 1 }, (_, f) => actions[1 + Math.floor(f / 4)]),
        );
        for (const [f, [x]] of numbers["observation.state"].entries()) assert.ok(Math.abs(x - poses[f].x) < 1e-6);
        const [found, real] = [await set.frames(episode, CAMERA, SIZE), ours.frames(episode)];
        assert.equal(found.length, real.length);
        const apart = found.reduce((sum, value, i) => sum + Math.abs(value - real[i]), 0) / real.length;
        assert.ok(apart <= loss, `episode ${episode}: ${apart}`);
      }
    }
  });

  it("is imported by the mapping that it brings, and by one of continuous motions, with the same actions and poses", async () => {
    const own = readMapping(inDir("videos", MAPPING_FILE));
    const notes = await importLerobot({ dir: inDir("videos"), mapping: own, out: inDir("again"), latents: LATENTS });
    assert.match(notes.join("\n"), /validation: 1 trajectories of 5 latents from 1 episodes/);
    const continuous = mappingSchema.parse({
      world: "mine",
      pictures: CAMERA,
      continuous: {
        feature: "action",
        forward: { index: 0, step: 1 },
        rightward: { index: 1, step: 1 },
        yaw: { index: 2, step: 1 },
        pitch: { index: 3, step: 1 },
      },
    });
    await importLerobot({ dir: inDir("images"), mapping: continuous, out: inDir("axes"), latents: LATENTS });
    for (const [folder, exact] of [
      ["again", true],
      ["axes", false],
    ] as const) {
      // Of five episodes the first is for validation, two for estimators, the rest for pre-training.
      const [validation, pretrain] = [
        await openDataset(inDir(folder, "validation")),
        await openDataset(inDir(folder, "pretrain")),
      ];
      assert.equal(pretrain.trajectories, 2);
      assert.deepEqual(validation.recording(0).actions, ours.recording(0).actions);
      assert.deepEqual(pretrain.recording(1).actions, ours.recording(4).actions);
      const [found, real] = [pretrain.recording(1).poses, ours.recording(4).poses];
      // Without a pose feature a path begins at the origin: turns are the same.
      const turned = (poses: typeof real): number => poses[FRAMES - 1].yaw - poses[0].yaw;
      assert.ok(Math.abs(turned(found) - turned(real)) < 1e-5);
      if (exact) assert.ok(Math.abs(found[FRAMES - 1].x - real[FRAMES - 1].x) < 1e-5);
      else assert.deepEqual(pretrain.frames(1), ours.frames(4));
    }
    // Made already: nothing is done again, and another set is not mixed in.
    const other: Mapping = { ...own, world: "other" };
    await assert.rejects(
      importLerobot({ dir: inDir("videos"), mapping: other, out: inDir("again"), latents: LATENTS }),
      /again\/validation holds a data set of another description/,
    );
  });

  it("names what cannot be mapped", async () => {
    const own = readMapping(inDir("videos", MAPPING_FILE));
    const failing = async (mapping: unknown, message: RegExp, latents = LATENTS): Promise<void> => {
      writeFileSync(inDir("mapping.json"), JSON.stringify(mapping));
      const attempt = async () =>
        importLerobot({ dir: inDir("videos"), mapping: readMapping(inDir("mapping.json")), out: inDir("no"), latents });
      await assert.rejects(attempt, message);
    };
    const axes = { forward: { index: 0, step: 1 } };
    const base = { world: "w", pictures: CAMERA };
    await failing(
      { ...base, continuous: { feature: "action", ...axes } },
      /not mapped: action\[1\], action\[2\], action\[3\]/,
    );
    await failing(
      { ...base, continuous: { feature: "act", ...axes } },
      /no feature "act"\n.*it has observation\.images/s,
    );
    await failing({ ...base, continuous: { feature: "action", yaw: { index: 9, step: 1 } } }, /has no number 9/);
    await failing(
      { ...base, continuous: { feature: "action", yaw: { index: 0, step: 0 } } },
      /continuous\.yaw\.step: a step of 0/,
    );
    await failing({ ...base, pictures: "action", discrete: own.discrete }, /is float32, no pictures/);
    await failing(
      { ...base, discrete: { feature: "action.id", keys: { 0: "none" } } },
      /not mapped: action\.id is \d+ at frame \d+ of episode 0/,
    );
    await failing({ ...base, discrete: { feature: "action.id", keys: { 0: "jump" } } }, /unknown key "jump"/);
    await failing(base, /must have "discrete" or "continuous"/);
    await failing({ ...base, speed: 1 }, /[Uu]nrecognized key.*speed/);
    await failing(own, /0 of 5 episodes .* have the 37 frames of 10 latents\n.*--latents/s, 10);
    assert.ok(!existsSync(inDir("no")));
  });

  it("is refused where it would be written elsewhere, by the name that its mapping gives the place", () => {
    for (const world of ["../../elsewhere", "/etc", "..", ".ssh", "a/b", "a\\b", "a\nb", ""])
      assert.ok(!mappingSchema.safeParse({ world, pictures: "p" }).success, world);
    for (const world of ["kitchen", "küche-2", "a.b"])
      assert.ok(mappingSchema.safeParse({ world, pictures: "p" }).success);
  });

  it("with a missing number is not read as if it were 0", async () => {
    cpSync(inDir("videos"), inDir("missing"), { recursive: true });
    const path = inDir("missing", "data", "chunk-000", "file-000.parquet");
    const rows = await readTable(path, ["episode_index"]);
    const ids = rows.map((_, i) => (i === 3 ? null : 1));
    const states = rows.map((_, i) => (i === 2 ? [1, null, 3, 4] : [1, 2, 3, 4]));
    const table = encodeTable({
      episode_index: { kind: "int64", values: rows.map(({ episode_index }) => episode_index) },
      "action.id": { kind: "float64", values: ids },
      "observation.state": { kind: "float64", depth: 1, values: states },
    });
    writeFileSync(path, table);
    const set = await openLerobot(inDir("missing"));
    await assert.rejects(set.numbers(0, ["action.id"]), /action\.id at frame 3 of episode 0 is missing/);
    await assert.rejects(
      set.numbers(0, ["observation.state"]),
      /observation\.state at frame 2 of episode 0 is missing/,
    );
  });

  it("of another version, or a damaged one, is one line with what to do", async () => {
    const broken = async (change: (info: Record<string, unknown>) => void, message: RegExp): Promise<void> => {
      cpSync(inDir("videos"), inDir("broken"), { recursive: true });
      const info = JSON.parse(readFileSync(inDir("broken", "meta", "info.json"), "utf8"));
      change(info);
      writeFileSync(inDir("broken", "meta", "info.json"), JSON.stringify(info));
      await assert.rejects(openLerobot(inDir("broken")), message);
      rmSync(inDir("broken"), { recursive: true });
    };
    const version = (codebase_version: unknown) => (info: Record<string, unknown>) =>
      Object.assign(info, { codebase_version });
    await broken(version("v2.1"), /version "v2\.1"; v3\.0 is read here\n.*convert_dataset_v21_to_v30 --repo-id/s);
    await broken(version("v2.0"), /convert it to v2\.1 with a lerobot of its time/);
    await broken(version("v3.1"), /newer version of this project/);
    await broken(version(undefined), /version null/);
    await broken((info) => Object.assign(info, { fps: 0 }), /info\.json: fps/);
    await broken((info) => Object.assign(info, { total_episodes: 6 }), /names 5 of 6 episodes/);
    await broken(
      (info) => Object.assign(info, { data_path: "../{chunk_index}/{file_index}" }),
      /leads out of the data set/,
    );
    await assert.rejects(openLerobot(inDir("ours")), /holds no LeRobotDataset: meta\/info\.json is missing/);
    writeFileSync(inDir("videos", "data", "chunk-000", "file-001.parquet"), "PAR1 no table PAR1");
    const set = await openLerobot(inDir("videos"));
    await assert.rejects(set.numbers(4, ["action"]), /file-001\.parquet cannot be read/);
    await assert.rejects(exportLerobot(ours, { dir: inDir("videos") }), /videos is not empty/);
  });
});
