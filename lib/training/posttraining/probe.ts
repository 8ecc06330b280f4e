/** The same videos again and again as the policy learns: a learning curve without the noise of ever new prompts. */
import type { Params } from "../../model/nn/params.ts";
import { branchSequences, decodeTrees, NO_EXPLORATION, rlPrompts, scoreTrees } from "../../rollout/index.ts";
import { mean } from "../../util/statistics.ts";
import type { Metrics } from "../run.ts";
import type { Lab } from "./lab.ts";

/** Prompts that no iteration trains on. */
const PROBE = 2_000_000;

/** Mean of every reward over whole videos of fixed prompts, basic and combined, from fixed noise: `probe/<reward>`. */
export function probeRewards({ config, shape, tokeniser, rewards }: Lab, params: Params): Metrics {
  const { seed, sampler } = config;
  const { horizon, prompts: count, revisits } = config.rollout;
  const prompts = rlPrompts(seed, PROBE, 2 * count, horizon, { revisits });
  const options = { sampler, branches: 1, exploration: NO_EXPLORATION, key: [seed, "probe"] };
  const trees = branchSequences({ params, shape, tokeniser }, prompts, horizon, options);
  const scored = scoreTrees(decodeTrees(tokeniser, trees), rewards);
  return Object.fromEntries(
    rewards.map(({ reward: { name } }, k) => [`probe/${name}`, mean(scored.map((tree) => tree.rewards[k][0]))]),
  );
}
