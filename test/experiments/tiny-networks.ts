/** A world's networks as `npm run train` publishes them, but tiny and untrained: what loads, measures and shows them can be tested. */
import { join } from "node:path";
import { DEPTH_DEFAULTS, depthConfig } from "../../lib/model/depth/config.ts";
import { depthSpec } from "../../lib/model/depth/network.ts";
import type { DitConfig } from "../../lib/model/dit/config.ts";
import { publishDit } from "../../lib/model/dit/published.ts";
import { initParams } from "../../lib/model/nn/params.ts";
import { readConfig } from "../../lib/model/nn/published.ts";
import { linearSpec, tokeniserSpec } from "../../lib/model/tokeniser/network.ts";
import { DESIGNS, headSpec } from "../../lib/rewards/actions/classifier.ts";
import { PREFERENCE_SPEC } from "../../lib/rewards/preference/network.ts";
import { publishClassifier, publishOdometry } from "../../lib/training/actions/publish.ts";
import { classifierTraining } from "../../lib/training/actions/train.ts";
import { publishDepth } from "../../lib/training/depth/publish.ts";
import { depthTraining } from "../../lib/training/depth/train.ts";
import { publishPreference } from "../../lib/training/preference/publish.ts";
import { preferenceTraining } from "../../lib/training/preference/train.ts";
import { publishTokeniser } from "../../lib/training/tokeniser/publish.ts";
import { tokeniserTraining } from "../../lib/training/tokeniser/train.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { SMALL, smallParams } from "../model/dit/small.ts";

export const TINY: DitConfig = { ...SMALL, latent: { ...SMALL.latent, channels: 4 } };
const CHANNELS = TINY.latent.channels;
const { camera, name: world } = courtyard;

const shaOf = (dir: string): string => String(readConfig(dir).sha256);

function makeTokeniser(dir: string, seed: number): string {
  const params = initParams({ ...linearSpec(CHANNELS), ...tokeniserSpec(CHANNELS) }, seed);
  const variances = new Array<number>(CHANNELS).fill(1);
  const quality = { psnr: 10, psnrSd: 1, ssim: 0.1, videos: 1 };
  publishTokeniser(dir, params, tokeniserTraining.parse({ channels: CHANNELS }), quality, variances);
  return shaOf(dir);
}

function makeJudges(networks: string, tokeniser: string): void {
  const depth = join(networks, "depth");
  const model = depthConfig(courtyard, { ...DEPTH_DEFAULTS, width: 16, coarseBlocks: 1 });
  const none = { meanError: 1, medianError: 1, pitchError: 1 };
  const facts = { world, tokeniser, pictures: 0, quality: [none, none] };
  publishDepth(depth, initParams(depthSpec(model), 0), model, depthTraining.parse({}), facts);
  const errors = { factor: 100, floor: 0.1, surprise: 1 };
  publishOdometry(join(networks, "odometry"), shaOf(depth), errors, { world, tokeniser });
  const [design] = DESIGNS;
  const card = { world, tokeniser, purpose: "None.", latents: 0 };
  const head = initParams(headSpec(design, camera), 0);
  publishClassifier(join(networks, "actions-flow"), design, camera, head, classifierTraining.parse({}), card);
  for (const scorer of ["preference", "preference-heldout"]) {
    const accuracy = [{ kind: "blur" as const, accuracy: 0.5, margin: 0, pairs: 1 }];
    const picture = { width: camera.width, height: camera.height };
    const scored = { training: preferenceTraining.parse({}), accuracy, agreement: [], made: { tokeniser }, picture };
    publishPreference(join(networks, scorer), initParams(PREFERENCE_SPEC, 0), scored);
  }
}

/**
 * @param networks folder that gets one of each, and the models of these names
 * @param seed of the tokeniser
 */
export function makeTinyNetworks(networks: string, models = ["base", "post-trained-0"], seed = 0): void {
  const tokeniser = makeTokeniser(join(networks, "tokeniser"), seed);
  makeJudges(networks, tokeniser);
  for (const title of models)
    publishDit(join(networks, title), smallParams(TINY), TINY, tokeniser, { world }, { title, body: "Untrained." });
}
