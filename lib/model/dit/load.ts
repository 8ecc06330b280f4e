/** A diffusion transformer with its tokeniser, from a folder or fresh. */
import { join } from "node:path";
import { openBackend } from "../../runtime/backend/backend.ts";
import type { WorldDescription } from "../../world/world.ts";
import { initParams } from "../nn/params.ts";
import { TOKENISER } from "../tokeniser/config.ts";
import { linearSpec, tokeniserSpec } from "../tokeniser/network.ts";
import { loadTokeniser, makeTokeniser } from "../tokeniser/tokeniser.ts";
import type { TrainableWorldModel } from "../worldModel.ts";
import { DIT_DEFAULTS, type DitConfig } from "./config.ts";
import { loadDit } from "./published.ts";
import type { GenerationOptions } from "./rollout.ts";
import { ditSpec } from "./spec.ts";
import { makeTrainableDit } from "./trainable.ts";

/** How a model is loaded: the tokeniser's folder (default: `tokeniser` beside the model's), the sampler, ablations. */
export interface LoadOptions extends Partial<GenerationOptions> {
  readonly tokeniser?: string;
}

/**
 * Loads a trained world model: the transformer of a folder and the tokeniser beside it. The computing backend is opened
 * where none is.
 *
 * @param dir folder with config.json and model.safetensors, from the project's folder; for example
 *   `checkpoints/courtyard/base`, or `runs/courtyard/networks/base` of one's own training
 * @throws UserError where something is missing or damaged, or where model and tokeniser do not belong together
 * @example
 * ```ts
 * import { loadModel } from "worldcompass";
 * const model = await loadModel("networks/base");
 * console.log(model.camera.width, model.camera.height); // => 80 48
 * ```
 */
export async function loadModel(dir: string, options: LoadOptions = {}): Promise<TrainableWorldModel> {
  await openBackend();
  const { tokeniser: folder = join(dir, "..", "tokeniser"), ...generation } = options;
  const tokeniser = loadTokeniser(folder);
  const { params, model } = loadDit(dir, tokeniser.sha256);
  return makeTrainableDit(params, model, tokeniser, generation);
}

/** Numbers of a latent's cell of an untrained tokeniser. */
const CHANNELS = 4;

/**
 * A world model with fresh weights, tokeniser and all: it makes noise, in milliseconds where it is small. For trying
 * rewards, objectives and loops before they meet a trained one.
 *
 * @param world whose pictures (80x48) and steps it is for
 * @param dials the transformer's shape; `width` is a multiple of 32
 * @example
 * ```ts
 * import { openWorld, untrainedModel } from "worldcompass";
 * const model = await untrainedModel(await openWorld("courtyard"), { width: 32, depth: 1, cellWidth: 8, cellDepth: 1 });
 * console.log(model.step.translation); // => 0.1
 * ```
 */
export async function untrainedModel(
  { camera, step }: Pick<WorldDescription, "camera" | "step">,
  dials: Partial<typeof DIT_DEFAULTS> = {},
  seed = 0,
): Promise<TrainableWorldModel> {
  await openBackend();
  const coding = initParams({ ...linearSpec(CHANNELS), ...tokeniserSpec(CHANNELS) }, seed);
  const tokeniser = makeTokeniser(coding, "untrained", new Float32Array(CHANNELS).fill(1));
  const latent = { rows: TOKENISER.latentHeight, columns: TOKENISER.latentWidth, channels: CHANNELS };
  const config: DitConfig = { latent, camera, step, ...DIT_DEFAULTS, ...dials };
  return makeTrainableDit(initParams(ditSpec(config), seed), config, tokeniser);
}
