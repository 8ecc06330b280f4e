import assert from "node:assert/strict";
import { PROMPT_KINDS, type PromptKind, prompt, promptsOf } from "../../lib/rollout/prompt.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { COMBINED_PRIMITIVES, HELD_OUT } from "../../lib/world/primitives.ts";

const COUNT = 12;
const CLIPS = 4;
/** Actions but that of each initial picture. */
const commandsOf = async (split: "rl" | "evaluation", kind: PromptKind): Promise<number[][]> =>
  (await promptsOf(courtyard, split, kind, COUNT, CLIPS)).map(({ actions }) => [...actions.subarray(1)]);

describe("kinds of prompts", () => {
  it("a quarter of the combined primitives is held out: never commanded in post-training, alone in `unseen`", async () => {
    assert.equal(new Set(HELD_OUT).size * 4, COMBINED_PRIMITIVES.length);
    assert.ok(HELD_OUT.every((action) => COMBINED_PRIMITIVES.includes(action)));
    const rl = (await commandsOf("rl", "combined")).flat();
    assert.ok(rl.every((action) => !HELD_OUT.includes(action)));
    const unseen = (await commandsOf("evaluation", "unseen")).flat();
    assert.ok(unseen.every((action) => HELD_OUT.includes(action)));
    const combined = (await commandsOf("evaluation", "combined")).flat();
    assert.ok(combined.some((action) => HELD_OUT.includes(action)));
    assert.ok(combined.some((action) => !HELD_OUT.includes(action)));
  });

  it("of no split, of no kind and of no whole number are refused, and not taken for others", async () => {
    const wrong: (() => Promise<unknown>)[] = [
      () => promptsOf(courtyard, "nope" as "rl", "basic", 1, 1),
      () => promptsOf(courtyard, "rl", "toString" as "basic", 1, 1),
      () => promptsOf(courtyard, "rl", "basic", 1, 1, 0.5),
      () => promptsOf(courtyard, "rl", "basic", 1, 1, -1),
      () => promptsOf(courtyard, "rl", "basic", 1, 1, Number.NaN),
      () => prompt(courtyard, "w-3", { split: "nope" as "rl" }),
      () => prompt(courtyard, "w-3", { number: 1.5 }),
      () => prompt(courtyard, "w-3", { number: -1 }),
    ];
    for (const ask of wrong) await assert.rejects(ask, { name: "UserError" }, String(ask));
  });

  it("`quick` commands change at nearly every latent", async () => {
    const all = await commandsOf("evaluation", "quick");
    const changes = all.map(
      (own) => own.filter((action, i) => i > 0 && action !== own[i - 1]).length / (own.length - 1),
    );
    assert.ok(
      changes.every((share) => share > 0.7),
      `${changes}`,
    );
  });

  it("`slow` and `fast` steps have another size, in the poses, for the model and for what judges it", async () => {
    for (const kind of ["slow", "fast"] as const) {
      const { scale } = PROMPT_KINDS[kind];
      for (const { actions, poses, start, world } of await promptsOf(courtyard, "evaluation", kind, COUNT, CLIPS)) {
        assert.equal(start.scale, scale);
        assert.equal(world.step.translation, scale * courtyard.step.translation);
        for (let latent = 1; latent < actions.length; latent++) {
          const [a, b] = [poses[4 * latent - 4], poses[4 * latent]];
          const moved = Math.hypot(b.x - a.x, b.z - a.z);
          // An arc is a little shorter than its length.
          if (moved > 1e-9) assert.ok(Math.abs(moved / (4 * world.step.translation) - 1) < 0.01, `${moved}`);
        }
      }
    }
  });

  it("what a prompt is does not depend on how many are asked for", async () => {
    const all = await promptsOf(courtyard, "evaluation", "basic", 3, 2);
    const [last] = await promptsOf(courtyard, "evaluation", "basic", 1, 2, 2);
    assert.deepEqual(last.poses, all[2].poses);
    assert.deepEqual(last.start.frame, all[2].start.frame);
  });
});
