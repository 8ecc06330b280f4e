import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type Row, readReport } from "../../lib/evaluation/report.ts";
import { checkRecorded, compare, comparisonLines, measureAgain } from "../../lib/experiments/reproduce.ts";
import { MAIN } from "../../lib/experiments/tables.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { fromRoot } from "../../lib/util/root.ts";
import { openWorld, WORLD_NAMES } from "../../lib/world/registry.ts";
import { installedOrSkipped } from "../world/doom/installed.ts";

const row = (metric: string, values: number[]): Row => ({
  ...{ world: "courtyard", model: "base", trainingSeed: 0, samplingSeed: 0, actions: "basic", frames: 125 },
  ...{ metric, unit: "", values },
});

describe("measuring again beside the record", () => {
  it("compares the first videos alone, within each metric's tolerance, and marks what differs", () => {
    const record = [row("psnr", [20, 22, 90]), row("action-accuracy-true", [50, 60, 0])];
    const comparisons = compare([row("psnr", [20.1, 22.1]), row("action-accuracy-true", [55, 60.1])], record);
    assert.deepEqual(
      comparisons.map(({ agrees }) => agrees),
      [true, false],
    );
    const [close, far] = comparisonLines(comparisons);
    assert.match(close, /^agrees {2}base, basic, 125 frames, 2 videos: psnr 21\.100 {2}\(record 21\.000, \+0\.100\)/);
    assert.match(far, /^DIFFERS /);
  });

  it("a metric without a tolerance must come out to the digit; what is not recorded is named", () => {
    assert.ok(!compare([row("mine", [1.001])], [row("mine", [1])])[0].agrees);
    assert.throws(() => compare([row("psnr", [1])], []), /the record has no psnr of base, basic, 125 frames/);
    assert.throws(() => compare([row("psnr", [1, 2])], [row("psnr", [1])]), /has 1 videos/);
  });

  it("refuses sizes that are not recorded before anything is measured, and says which are", () => {
    const [world, networks] = [{ name: "courtyard" }, "checkpoints/courtyard"];
    const rows = ["basic", "combined"].map((actions) => ({ ...row("psnr", [1, 2]), actions }));
    const check = (prompts: number, clips: number) => checkRecorded(world, networks, rows, { prompts, clips });
    check(2, 8);
    assert.throws(() => check(3, 8), /UserError: 2 prompts are recorded of base, basic, not 3/);
    assert.throws(() => check(1, 7), /UserError: no videos of 7 clips are recorded of base, basic\n.*give 8 clips/);
  });

  // All models and more videos: npm run reproduce.
  for (const name of WORLD_NAMES) {
    it(`what is shipped is what is recorded: a video of each trained model of ${name}`, async function () {
      const networks = `checkpoints/${name}`;
      if (!existsSync(fromRoot(`${networks}/base/config.json`))) this.skip();
      if (name === "doom") await installedOrSkipped(this);
      const world = await openWorld(name);
      await openBackend();
      const { rows } = readReport(fromRoot(MAIN));
      const sample = { prompts: 1, clips: 8, kinds: ["combined"], models: ["base", "post-trained"] } as const;
      const comparisons = await measureAgain(world, networks, rows, sample);
      await world.close();
      // One label of the 31 latents of one video is 3.2 points; the sums of this processor may turn two.
      const far = comparisons.filter(
        ({ about, recorded, measured }) => Math.abs(recorded - measured) > (about.unit === "%" ? 6.5 : 1),
      );
      assert.deepEqual(comparisonLines(far), []);
      assert.ok(comparisons.length >= 6);
    });
  }
});
