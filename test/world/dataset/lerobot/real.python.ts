import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureExtra, LEROBOT } from "../../../../lib/runtime/setup/extras.ts";
import { mean } from "../../../../lib/util/statistics.ts";
import { courtyard } from "../../../../lib/world/courtyard/courtyard.ts";
import { importLerobot } from "../../../../lib/world/dataset/lerobot/import.ts";
import { mappingSchema } from "../../../../lib/world/dataset/lerobot/mapping.ts";
import { openLerobot } from "../../../../lib/world/dataset/lerobot/read.ts";
import { exportLerobot } from "../../../../lib/world/dataset/lerobot/write.ts";
import { makeDataset } from "../../../../lib/world/dataset/make.ts";
import { type Dataset, openDataset } from "../../../../lib/world/dataset/read.ts";

const LATENTS = 5;
const FRAMES = 4 * LATENTS - 3;
const SIZE = { width: 80, height: 48 };

interface Described {
  frames: number;
  episodes: number;
  fps: number;
  stats: Record<string, Record<string, unknown>>;
  shown: {
    index: number;
    episode: number;
    frame: number;
    timestamp: number;
    task: string;
    action: number[];
    id: number;
    state: number[];
    shape: number[];
    columns: number[];
  }[];
}

describe("the real lerobot", function () {
  // Its first run installs PyTorch; later ones only import it.
  this.timeout(3_600_000);
  let dir: string;
  let python: string;
  let ours: Dataset;
  before(async () => {
    python = await ensureExtra(LEROBOT);
    dir = mkdtempSync(join(tmpdir(), "lerobot-real-"));
    const made = {
      world: courtyard,
      dir: join(dir, "made"),
      split: "rl",
      trajectories: 4,
      latents: LATENTS,
      seed: 0,
    } as const;
    await makeDataset(made);
    ours = await openDataset(made.dir);
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  async function ask<T>(...args: string[]): Promise<T> {
    const env = { ...process.env, HF_HUB_OFFLINE: "1", HF_HOME: join(dir, "hf"), CUDA_VISIBLE_DEVICES: "" };
    const script = join("test", "world", "dataset", "lerobot", "check.py");
    const { stdout } = await promisify(execFile)(python, [script, ...args], { env, maxBuffer: 2 ** 26 });
    return JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "null") as T;
  }

  for (const images of [true, false])
    it(`opens ours, with ${images ? "pictures in tables" : "video"}, and finds the numbers and pictures that are there`, async () => {
      const root = join(dir, images ? "images" : "videos");
      await exportLerobot(ours, { dir: root, images, episodesPerFile: 2 });
      const found = await ask<Described>("describe", root);
      assert.deepEqual([found.frames, found.episodes, found.fps], [4 * FRAMES, 4, 24]);
      assert.deepEqual(Object.keys(found.stats).sort(), [
        "action",
        "action.id",
        "observation.images.camera",
        "observation.state",
      ]);
      for (const { index, episode, frame, timestamp, task, id, state, shape, columns } of found.shown) {
        assert.deepEqual([episode, frame], [Math.floor(index / FRAMES), index % FRAMES]);
        assert.ok(Math.abs(timestamp - frame / 24) < 1e-6);
        assert.equal(task, "carry out the commanded camera motions");
        const { actions, poses } = ours.recording(episode);
        if (frame + 1 < FRAMES) assert.equal(id, actions[1 + Math.floor(frame / 4)]);
        assert.ok(Math.abs(state[0] - poses[frame].x) < 1e-5);
        assert.deepEqual(shape, [3, SIZE.height, SIZE.width]);
        const size = 3 * SIZE.width * SIZE.height;
        const picture = ours.frames(episode).subarray(frame * size, (frame + 1) * size);
        const column = (x: number): number =>
          mean(
            Array.from(
              { length: 3 * SIZE.height },
              (_, i) => picture[3 * (Math.floor(i / 3) * SIZE.width + x) + (i % 3)],
            ),
          ) / 255;
        // H.264 loses a little.
        for (const x of [0, 17, 79])
          assert.ok(Math.abs(columns[x] - column(x)) < (images ? 1e-4 : 0.03), `${columns[x]}`);
      }
    });

  for (const kind of ["image", "video"])
    it(`writes sets with ${kind} features that are opened and imported here`, async () => {
      const root = join(dir, `own-${kind}`);
      assert.deepEqual(await ask("write", root, kind), { episodes: 5 });
      const set = await openLerobot(root);
      assert.deepEqual(
        Array.from({ length: set.episodes }, (_, episode) => set.lengthOf(episode)),
        [20, 21, 22, 23, 24],
      );
      for (const episode of [0, 3]) {
        const frames = await set.frames(episode, "observation.image", SIZE);
        assert.equal(frames.length, (20 + episode) * 3 * SIZE.width * SIZE.height);
        for (const frame of [0, 11, 19]) {
          const grey = frames[frame * 3 * SIZE.width * SIZE.height];
          assert.ok(
            Math.abs(grey - (10 * episode + 4 * frame)) <= (kind === "image" ? 0 : 4),
            `${episode} ${frame}: ${grey}`,
          );
        }
      }
      const mapping = mappingSchema.parse({
        world: "theirs",
        pictures: "observation.image",
        continuous: { feature: "action", forward: { index: 0, step: 0.5 }, yaw: { index: 1, step: 0.25 } },
        ignore: ["action[2]"],
      });
      await importLerobot({ dir: root, mapping, out: join(dir, `data-${kind}`), latents: LATENTS });
      const pretrain = await openDataset(join(dir, `data-${kind}`, "pretrain"));
      // Episodes 3 and 4: a turn, and forward.
      assert.deepEqual([...pretrain.recording(0).actions], [0, 2, 2, 2, 2]);
      assert.deepEqual([...pretrain.recording(1).actions], [0, 9, 9, 9, 9]);
    });
});
