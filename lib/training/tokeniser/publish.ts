/** Ships a trained tokeniser with its card. */

import { countParams, type Params } from "../../model/nn/params.ts";
import { publish } from "../../model/nn/published.ts";
import { TOKENISER } from "../../model/tokeniser/config.ts";
import type { ReconstructionQuality } from "./evaluate.ts";
import { TOKENISER_LOSS } from "./loss.ts";
import type { TokeniserTrainConfig } from "./train.ts";

export function publishTokeniser(
  dir: string,
  params: Params,
  training: TokeniserTrainConfig,
  quality: ReconstructionQuality,
  variances: readonly number[],
): void {
  const card = `# Tokeniser

Autoencoder of ${TOKENISER.temporal} frames of ${TOKENISER.frameWidth}x${TOKENISER.frameHeight} pixels into ${TOKENISER.latentHeight}x${TOKENISER.latentWidth} cells of ${variances.length} channels;
${(countParams(params) / 1e6).toFixed(2)} M parameters, stored as 16-bit floats, averaged weights.

- Trained with seed ${training.seed}, ${training.steps} steps of ${training.batch} groups of four frames, AdamW, peak learning rate ${training.lr}.
- Reconstruction of ${quality.videos} held-out videos (split \`validation\`): PSNR ${quality.psnr.toFixed(2)} dB (standard deviation over videos ${quality.psnrSd.toFixed(2)}), SSIM ${quality.ssim.toFixed(4)}.
- Latents are handed out scaled by channel: to unit variance where they vary much, smaller where they hold detail (\`channelVariances\` in config.json). The decoder was trained with noise of ${TOKENISER_LOSS.latentNoise} on the unscaled ones.
- It knows only the world it was trained on.
`;
  publish(
    dir,
    params,
    {
      network: "tokeniser",
      shape: { ...TOKENISER, latentChannels: variances.length },
      training,
      quality,
      channelVariances: variances,
    },
    card,
  );
}
