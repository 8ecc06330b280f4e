/** Ships a trained depth network with its card. */

import { countParams, type Params } from "../../model/nn/params.ts";
import { publish } from "../../model/nn/published.ts";
import type { DepthQuality } from "./evaluate.ts";
import type { DepthTrainConfig } from "./train.ts";

/** @param quality on true pictures and on reconstructions */
export function publishDepth(
  dir: string,
  params: Params,
  training: DepthTrainConfig,
  quality: readonly DepthQuality[],
  tokeniser: string,
): void {
  const line = (name: string, { overlap, logError }: DepthQuality): string =>
    `- Held-out scenes (split \`validation\`), ${name}: overlap of found and true solids ${(100 * overlap).toFixed(1)} %, mean error of the logarithm of depth ${logError.toFixed(3)}.`;
  const card = `# Depth of solids

Convolutional network that tells from a picture and its camera's pitch which pixels show solids, and how far these are;
${(countParams(params) / 1e6).toFixed(2)} M parameters, stored as 16-bit floats, averaged weights. The world model carries solids along by it.

- Trained by \`npm run train:depth\`: seed ${training.seed}, ${training.steps} steps of ${training.batch} pictures of the split \`pretrain\`, true and reconstructed, with the worlds' own depths; AdamW, peak learning rate ${training.lr}.
${line("true pictures", quality[0])}
${line("reconstructions", quality[1])}
- It knows only the worlds of this project.
`;
  publish(dir, params, { network: "depth", training, tokeniser, quality }, card);
}
