/** Ships the pre-trained world model with a card made from the run's own record. */
import type { ModelConfig } from "../../model/legacy/config.ts";
import { publishWorldModel } from "../../model/legacy/publish.ts";
import type { Params } from "../../model/nn/params.ts";
import { readMetrics } from "../run.ts";
import type { PretrainConfig } from "./train.ts";
import { TARGET_SLOTS } from "./window.ts";

/** What the card says of the detail stage. */
const detailText = ({ detailDepth, detailWidth }: ModelConfig): string =>
  detailDepth > 0 ? ` and ${detailDepth} of width ${detailWidth} over single cells` : "";

/**
 * Publishes the averaged weights of the run in `runDir`, and its validation curve in config.json.
 * @param trajectories of the corpus
 */
export function publishBase(
  dir: string,
  runDir: string,
  params: Params,
  shape: ModelConfig,
  { from, ...config }: PretrainConfig & { from: string },
  trajectories: number,
): void {
  const curve = readMetrics(runDir)
    .filter((entry) => entry.validation !== undefined)
    .map(({ step, validation }) => ({ step, validation }));
  const last = curve.at(-1);
  const targets = config.steps * config.batch * TARGET_SLOTS;
  const title = "Base world model";
  const body = `Chunk-autoregressive flow-matching transformer over the tokeniser's latents, ${shape.depth} blocks of width ${shape.width}${detailText(shape)}; predicts the next clip
(4 latents, 16 frames) from the first picture, earlier clips and four actions. Averaged weights (decay ${config.ema}).

- Trained by \`npm run train:base\`${from ? `, going on from ${from}` : ""}: seed ${config.seed}, ${config.steps} steps of ${config.batch} windows (${targets} target clips), Muon and AdamW, peak learning rate ${config.lr}.
- Data: ${trajectories} trajectories of the split \`pretrain\`, a recorded corpus whose key logs disagree with the camera (see data/README.md); its obedience is the corpus's.
- Validation loss (mean squared velocity error, held-out scenes): ${last?.validation?.toFixed(4)} at step ${last?.step}; the whole curve is in config.json.
- It knows only the worlds of this project. Measured accuracies: data/results/main-table.json.`;
  publishWorldModel(
    dir,
    params,
    shape,
    { ...config, ...(from ? { from } : {}), validationCurve: curve },
    { title, body },
  );
}
