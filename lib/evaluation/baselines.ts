/** Videos whose worth is known, to be measured beside a model's: what standing still, or the tokeniser alone, would give. */
import type { Tokeniser } from "../model/tokeniser/tokeniser.ts";
import { joinBytes } from "../util/arrays.ts";
import { Rng } from "../util/rng.ts";
import { trajectoryOf } from "../world/motion.ts";
import { ALL_ACTIONS } from "../world/primitives.ts";
import type { EvaluationSet } from "./on-world.ts";

/**
 * `true-render`: the truth itself, every metric's ceiling. `tokeniser`: the truth, coded and decoded. `frozen`: the first picture
 * for ever. `random`: true pictures of a camera that does other actions than commanded, wherever they lead.
 */
export const BASELINES = ["true-render", "tokeniser", "frozen", "random"] as const;
export type Baseline = (typeof BASELINES)[number];

/** @returns one video for each of the set's prompts */
export async function baselineVideos(
  name: Baseline,
  { prompts, truths }: EvaluationSet,
  tokeniser: Tokeniser,
): Promise<Uint8Array[]> {
  if (name === "true-render") return [...truths];
  if (name === "tokeniser") return truths.map((truth) => tokeniser.decode(tokeniser.encode(truth)));
  if (name === "frozen") return prompts.map(({ start, poses }) => joinBytes(poses.map(() => start.frame)));
  return Promise.all(
    prompts.map(({ level, poses, actions, world }, i) => {
      const rng = Rng.of("random actions", i);
      const others = Array.from(actions, () => rng.pick(ALL_ACTIONS));
      return level.render(trajectoryOf(poses[0], others, world.step));
    }),
  );
}
