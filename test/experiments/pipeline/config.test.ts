import assert from "node:assert/strict";
import { z } from "zod";
import { readArguments } from "../../../lib/cli/command.ts";
import { baseChoices, CONFIGS, postChoices, tablesChoices } from "../../../lib/experiments/pipeline/config.ts";
import { valuesOf } from "../../../lib/experiments/pipeline/post.ts";
import { merged } from "../../../lib/util/tree.ts";

const options = z.strictObject({
  base: baseChoices.prefault({}),
  post: postChoices.prefault({}),
  tables: tablesChoices.prefault({}),
});
const read = (...argv: string[]) => {
  const found = readArguments({ name: "train", about: "Trains.", options }, argv);
  assert.ok(found);
  return found.options;
};
const none = (): never => assert.fail("no network is needed");
const evaluators = { estimator: none, preference: none };

describe("the numbers and names of trainings on a command line", () => {
  it("change what is said, at any depth, and nothing else", () => {
    assert.deepEqual(read(), CONFIGS);
    const said = ["--base.batch", "4", "--post.rollout.branches", "6", "--post.objective.beta=0.5"];
    assert.deepEqual(
      read(...said),
      merged(CONFIGS, { base: { batch: 4 }, post: { rollout: { branches: 6 }, objective: { beta: 0.5 } } }),
    );
    assert.deepEqual(read("--post.rollout.explore.guidance", "1,2.5").post.rollout.explore.guidance, [1, 2.5]);
    assert.equal(read("--post.rewards.visual-drift", "0").post.rewards.visualDrift, 0);
  });

  for (const [typed, told] of [
    ["--base.bach=4", /there is no --base\.bach\n {2}-> did you mean --base\.batch\?/],
    ["--post.rollout.branchs=6", /did you mean --post\.rollout\.branches\?/],
    ["--branches=6", /did you mean --post\.rollout\.branches\?/],
    ["--post.objective.bета=6", /there is no --post\.objective\.b/],
    ["--post.objective.name=nfd", /--post\.objective\.name is "nfd"\n {2}-> give one of nft, filtered/],
    ["--post.curriculum=min2min", /--post\.curriculum is "min2min"\n {2}-> give one of min2max/],
    ["--post.rewards.visaul=1", /did you mean --post\.rewards\.visual\?/],
    ["--base.model.width=100", /--base\.model\.width is 100\n {2}-> give/],
    ["--base.noise.drop-action=1.5", /--base\.noise\.dropAction is 1\.5\n {2}-> give a number from 0 to 1/],
    ["--post.objective.beta=0", /--post\.objective\.beta is 0\n {2}-> give a number, above 0/],
    ["--base.lr=fast", /--base\.lr is "fast"\n {2}-> give a number, above 0/],
    ["--post.update.keep=2.5", /--post\.update\.keep is 2\.5\n {2}-> give a whole number, 1 or more/],
  ] as const) {
    it(`${typed} is refused, with what was meant`, () => {
      assert.throws(() => read(typed), told);
    });
  }

  it("name values: an objective, a curriculum, an exploration, rewards with a weight above 0", () => {
    const rewards = { interactionNear: 0 };
    const post = read("--post.objective.name=filtered", "--post.curriculum=max2min").post;
    const values = valuesOf(merged(post, { rewards }), evaluators);
    assert.equal(values.objective.name, "filtered");
    assert.equal(values.curriculum(0, 4, 0), 3);
    assert.deepEqual(values.rewards, []);
    assert.equal(values.exploration([0, 9, 9, 9], 2, ["a"]).length, 2);
  });
});
