/** Ships a trained depth network with its card. */
import type { DepthConfig } from "../../model/depth/config.ts";
import { countParams, type Params } from "../../model/nn/params.ts";
import { publish } from "../../model/nn/published.ts";
import type { DepthQuality } from "./evaluate.ts";
import type { DepthTrainConfig } from "./train.ts";

export interface DepthFacts {
  /** Name of the world. */
  readonly world: string;
  /** SHA-256 of the tokeniser whose reconstructions it was shown. */
  readonly tokeniser: string;
  readonly pictures: number;
  /** On true pictures, and on reconstructions. */
  readonly quality: readonly DepthQuality[];
}

export function publishDepth(
  dir: string,
  params: Params,
  model: DepthConfig,
  training: DepthTrainConfig,
  facts: DepthFacts,
): void {
  const line = (name: string, { meanError, medianError, pitchError }: DepthQuality): string =>
    `- ${name}: absolute error of the logarithm of depth ${meanError.toFixed(3)} (mean), ${medianError.toFixed(3)} (median); of the pitch ${pitchError.toFixed(2)} steps.`;
  const card = `# Depth of every pixel: ${facts.world}

Convolutional network that tells from one picture how far every pixel is, and how far up the camera looks;
${(countParams(params) / 1e6).toFixed(2)} M parameters, stored as 16-bit floats, averaged weights.

- Trained by \`npm run train -- --world ${facts.world}\` on ${facts.pictures} pictures of the split \`estimator-reward\`, true and reconstructed, with the world's own depths: seed ${training.seed}, ${training.steps} steps of ${training.batch} pictures; AdamW, peak learning rate ${training.lr}.
- Levels of the split \`validation\`:
${line("true pictures", facts.quality[0])}
${line("reconstructions", facts.quality[1])}
- It knows the place that it was trained on, and nothing else.
`;
  publish(dir, params, { network: "depth", model, training, ...facts }, card);
}
