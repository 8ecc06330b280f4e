import assert from "node:assert/strict";
import { bundleOf } from "../../lib/display/index.ts";
import { readTable } from "../../lib/evaluation/index.ts";
import {
  armCurves,
  armPictures,
  armTable,
  assertKnown,
  EXPLORATIONS,
  efficiencyTable,
  explorationSpread,
  GROUPS,
  mainTable,
  trainedArms,
  trainingCurves,
} from "../../lib/experiments/index.ts";
import { loadTokeniser } from "../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { postTrainConfig } from "../../lib/training/posttraining/config.ts";
import { makeLab } from "../../lib/training/posttraining/lab.ts";
import { BRIGHTNESS, TINY, tinyParams } from "../rollout/tiny.ts";

const textOf = async (shown: unknown): Promise<string> => (await bundleOf(shown))["text/plain"];

describe("recorded experiments in a notebook", () => {
  it("show, or say in a line how they are made", async () => {
    const all = GROUPS.flatMap((group) => [armTable(group), armCurves(group), ...armPictures(group)]);
    for (const shown of [...all, efficiencyTable(), trainingCurves()]) assert.notEqual(await textOf(shown), "");
  });

  it("have no trained arms in a folder without runs", () => {
    assert.deepEqual(trainedArms("rewards", "runs/there-is-no-such-folder"), []);
  });

  it("the main table holds the recorded base and the paper's numbers beside it", async () => {
    const [base] = readTable().rows.filter(({ model, frames }) => model === "base" && frames === 125);
    const text = await textOf(mainTable([{ ...base, model: "post-trained" }]));
    assert.match(text, /base .*\n?/);
    assert.match(text, base.actions === "basic" ? /post-trained .* 68\.6/ : /post-trained .* 58\.2/);
  });

  it("rows are compared with the recorded ones, unless their model never was recorded", () => {
    const { rows } = readTable();
    assert.equal(assertKnown([rows[0], { ...rows[0], model: "never seen" }]).length, 1);
    assert.throws(() => assertKnown([{ ...rows[0], accuracy: rows[0].accuracy + 101 }]), /differ from/);
  });
});

describe("the spread of exploration", () => {
  it("is measured within groups, for every reward, and is wider with more than noise", async () => {
    await openBackend();
    const small = postTrainConfig({
      rollout: { prompts: 2, branches: 6 },
      sampler: { steps: 3 },
      objective: { sigmas: 2 },
    });
    const rewards = [{ reward: BRIGHTNESS, weight: 1 }];
    const lab = makeLab({ config: small, base: tinyParams(), shape: TINY, tokeniser: loadTokeniser(), rewards });
    const [alone, wide] = ["noise alone", "guidance and neighbours"].map((name) => explorationSpread(lab, name, 0));
    assert.ok(alone.latents > 0 && alone.spread.brightness > 0 && alone.lead.brightness > 0, JSON.stringify(alone));
    assert.ok(wide.latents > alone.latents, `${wide.latents} against ${alone.latents}`);
    assert.deepEqual(explorationSpread(lab, "noise alone", 0), alone);
    assert.ok(Object.keys(EXPLORATIONS).length >= 4);
    lab.dispose();
  });
});
