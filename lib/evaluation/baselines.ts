/** Videos whose worth is known, to be measured beside a model's: what standing still, or the tokeniser alone, would give. */
import type { DepthReader } from "../model/memory/recall.ts";
import { splat } from "../model/memory/splat.ts";
import type { Tokeniser } from "../model/tokeniser/tokeniser.ts";
import type { Prompt } from "../rollout/prompt.ts";
import { joinBytes } from "../util/arrays.ts";
import { Rng } from "../util/rng.ts";
import { mean } from "../util/statistics.ts";
import { trajectoryOf } from "../world/motion.ts";
import { ALL_ACTIONS } from "../world/primitives.ts";
import type { EvaluationSet } from "./on-world.ts";

/**
 * `true-render`: the truth itself, every metric's ceiling. `tokeniser`: the truth, coded and decoded. `frozen`: the first picture
 * for ever. `rendered`: the first picture's points, with the depths that a network
 * reads from it, seen from each commanded pose: a renderer, which carries out every command and knows nothing new; what it has
 * not seen has the picture's mean colour. `random`: true pictures of a camera that does other actions than commanded, wherever they lead.
 */
export const BASELINES = ["true-render", "tokeniser", "frozen", "rendered", "random"] as const;
export type Baseline = (typeof BASELINES)[number];

/** @returns one video for each of the set's prompts */
export async function baselineVideos(
  name: Baseline,
  { prompts, truths }: EvaluationSet,
  { tokeniser, depth }: { readonly tokeniser: Tokeniser; readonly depth: DepthReader },
): Promise<Uint8Array[]> {
  if (name === "true-render") return [...truths];
  if (name === "tokeniser") return truths.map((truth) => tokeniser.decode(tokeniser.encode(truth)));
  if (name === "frozen") return prompts.map(({ start, poses }) => joinBytes(poses.map(() => start.frame)));
  if (name === "rendered")
    return prompts.map((prompt) => tokeniser.decode(tokeniser.encode(joinBytes(renderedFrames(prompt, depth)))));
  return Promise.all(
    prompts.map(({ level, poses, actions, world }, i) => {
      const rng = Rng.of("random actions", i);
      const others = Array.from(actions, () => rng.pick(ALL_ACTIONS));
      return level.render(trajectoryOf(poses[0], others, world.step));
    }),
  );
}

function renderedFrames({ start: { frame, pose }, poses, world }: Prompt, reader: DepthReader): Uint8Array[] {
  const first = { picture: frame, depth: reader.read(frame).depths, pose };
  const colour = [0, 1, 2].map((k) => mean(Array.from({ length: frame.length / 3 }, (_, i) => frame[3 * i + k])));
  return poses.map((at) => {
    const { picture, visible } = splat([first], at, world.camera);
    return picture.map((byte, i) => (visible[Math.floor(i / 3)] === 1 ? byte : colour[i % 3]));
  });
}
