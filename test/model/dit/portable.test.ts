import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ditCarrier } from "../../../lib/model/dit/portable.ts";
import { makeTrainableDit } from "../../../lib/model/dit/trainable.ts";
import { initParams } from "../../../lib/model/nn/params.ts";
import { publish } from "../../../lib/model/nn/published.ts";
import { linearSpec, tokeniserSpec } from "../../../lib/model/tokeniser/network.ts";
import { loadTokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { NO_EXPLORATION } from "../../../lib/rollout/explore.ts";
import { promptsOf } from "../../../lib/rollout/prompt.ts";
import { rollOutHere, rollOutOn } from "../../../lib/rollout/roll-out.ts";
import { localEngine } from "../../../lib/runtime/engine/local.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { SMALL, withSmallParams } from "./small.ts";

const CHANNELS = SMALL.latent.channels;

describe("a transformer that travels", function () {
  this.timeout(180_000);
  const params = withSmallParams();
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "portable-"));
    const tokeniser = initParams({ ...linearSpec(CHANNELS), ...tokeniserSpec(CHANNELS) }, 1);
    const facts = { channelVariances: new Array(CHANNELS).fill(1), shape: { latentChannels: CHANNELS } };
    publish(join(dir, "tokeniser"), tokeniser, facts, "# A tokeniser\n");
  });
  after(() => rmSync(dir, { recursive: true }));

  it("comes to the same bits with one worker and with two, and to what it comes to here", async () => {
    const folder = join(dir, "tokeniser");
    const policy = makeTrainableDit(params, SMALL, loadTokeniser(folder));
    const prompts = await promptsOf(courtyard, "rl", "basic", 3, 2);
    const options = { branches: 2, explore: { ...NO_EXPLORATION, eta: 0.5 }, key: [1] };
    const withWorkers = async (workers: number) => {
      const engine = localEngine(workers);
      try {
        return await rollOutOn(engine, ditCarrier(folder, SMALL))(policy, prompts, 1, options);
      } finally {
        await engine.close();
      }
    };
    const [one, two] = [await withWorkers(1), await withWorkers(2)];
    const here = await rollOutHere(policy, prompts, 1, options);
    for (const [i, { candidates, conditioning, inputs }] of one.entries()) {
      assert.deepEqual(two[i].candidates, candidates);
      assert.deepEqual(two[i].conditioning, conditioning);
      assert.deepEqual(two[i].inputs[1].frames, inputs[1].frames);
      // Here all prompts are one batch, and sums in another order.
      for (const [b, { latents }] of candidates.entries())
        latents.forEach((x, k) => {
          assert.ok(Math.abs(x - here[i].candidates[b].latents[k]) < 1e-3 * (1 + Math.abs(x)), `${i} ${b} ${k}`);
        });
    }
  });
});
