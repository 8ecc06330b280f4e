import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { encodeGif } from "../../lib/display/media/gif.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { ensureExtra, TENSORBOARD } from "../../lib/runtime/setup/extras.ts";
import { keepSample } from "../../lib/training/run/samples.ts";
import { runTraining } from "../../lib/training/run.ts";

interface Found {
  scalars: Record<string, [number, number][]>;
  images: Record<string, [number, number, number, string][]>;
  texts: Record<string, [number, string][]>;
  plugins: Record<string, string>;
}

describe("TensorBoard's own reader", function () {
  this.timeout(900_000);

  it("finds a run's curves, its configuration, its tables and its animated samples", async () => {
    await openBackend();
    const python = await ensureExtra(TENSORBOARD);
    const dir = mkdtempSync(join(tmpdir(), "events-"));
    const gif = await encodeGif({ frames: new Uint8Array(3 * 30 * 20 * 3).fill(200), width: 30, height: 20, fps: 24 });
    await runTraining({
      ...{ dir, steps: 4, saveEvery: 2, logEvery: 1, config: { lr: 0.5, nested: { name: "a" } } },
      start: () => ({ w: { x: tf.scalar(0) } }),
      step: (_, i) => ({ state: { w: { x: tf.scalar(i) } }, metrics: { "losses/own": 1 / (i + 1) } }),
      onSave: (_, step) => {
        keepSample(dir, "prompt.0", step, gif);
        keepSample(dir, "table", step, "| a | b |\n|---|---|\n| 1 | 2 |");
        return { "watched/psnr": 20 + step };
      },
    });
    const { stdout } = await promisify(execFile)(python, [join("test", "training", "tensorboard_reader.py"), dir]);
    const { scalars, images, texts, plugins } = JSON.parse(stdout) as Found;
    assert.deepEqual(
      scalars["losses/own"].map(([step]) => step),
      [1, 2, 3, 4],
    );
    assert.deepEqual(scalars["watched/psnr"], [
      [2, 22],
      [4, 24],
    ]);
    assert.deepEqual(images["samples/prompt.0"], [
      [2, 30, 20, "GIF89a"],
      [4, 30, 20, "GIF89a"],
    ]);
    assert.deepEqual([plugins.config, plugins["samples/table"]], ["text", "text"]);
    assert.match(texts.config[0][1], /"name": "a"/);
    assert.equal(texts["samples/table"].length, 2);
    rmSync(dir, { recursive: true });
  });
});
