import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { decodeVideo } from "../../lib/display/media/decode.ts";
import { psnrToTruth } from "../../lib/evaluation/measure.ts";
import { watch } from "../../lib/evaluation/watch.ts";
import { promptsOf } from "../../lib/rollout/prompt.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { samplesOf } from "../../lib/training/run/samples.ts";
import { encodeEvents } from "../../lib/training/tensorboard.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { fakeModel } from "../model/fake.ts";

describe("a watched training", () => {
  it("shows the same prompts before and now, and what both measure, at its cadence alone", async () => {
    await openBackend();
    const dir = mkdtempSync(join(tmpdir(), "watch-"));
    const prompts = await promptsOf(courtyard, "validation", "basic", 2, 2);
    const model = (centre: number) => fakeModel({ centre: tf.scalar(centre) });
    const at = watch({ dir, base: model(-2), prompts, clips: 2, metrics: [psnrToTruth], every: 2 });
    assert.deepEqual(await at(model(0), 1), {});
    const { "watched/psnr": psnr } = await at(model(0), 2);
    assert.ok(psnr > 5 && psnr < 20);
    assert.deepEqual(readdirSync(join(dir, "samples")).sort(), [
      "prompt.0-000002.gif",
      "prompt.1-000002.gif",
      "table-000002.md",
    ]);
    const film = await decodeVideo(join(dir, "samples", "prompt.1-000002.gif"));
    // Truth, before and now, with headings.
    assert.deepEqual([film.width, film.frames.length / (3 * film.width * film.height)], [256, 29]);
    const grey = (x: number): number => film.frames[3 * (film.width * (film.height - 10) + x) + 1];
    assert.ok(Math.abs(grey(130) - 8) < 60 && grey(220) > grey(130) + 60, `${grey(130)}, ${grey(220)}`);
    assert.match(readFileSync(join(dir, "samples", "table-000002.md"), "utf8"), /\| metric \|.*before.*now/);
    const samples = samplesOf(dir, { lr: 1 }, 2);
    assert.deepEqual(
      samples.map(({ tag, step }) => [tag, step]),
      [
        ["config", 0],
        ["samples/prompt.0", 2],
        ["samples/prompt.1", 2],
        ["samples/table", 2],
      ],
    );
    // What a resumed run has not reached yet is not shown.
    assert.equal(samplesOf(dir, {}, 1).length, 1);
    const bytes = encodeEvents([], samples).toString("latin1");
    for (const part of ["GIF89a", "samples/prompt.1", '"lr": 1']) assert.ok(bytes.includes(part), part);
    rmSync(dir, { recursive: true });
  });
});
