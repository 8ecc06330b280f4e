/** Ships world models, and loads them. */

import { z } from "zod";
import { parseConfig } from "../../util/config.ts";
import { count, whole } from "../../util/schema.ts";
import { countParams, type Params } from "../nn/params.ts";
import { loadPublished, publish, readConfig } from "../nn/published.ts";
import { loadTokeniser } from "../tokeniser/tokeniser.ts";
import { codecOf } from "./carried.ts";
import type { ModelConfig } from "./config.ts";
import { type GenerationOptions, makeWorldModel } from "./rollout.ts";
import { modelSpec } from "./spec.ts";
import type { WorldModel } from "./worldModel.ts";

/** World models of this kind know the one tokeniser. */
const TOKENISER = "checkpoints/tokeniser";

const SHAPE = z.strictObject({
  width: count().max(8192).multipleOf(32),
  depth: count().max(256),
  headWidth: z.literal(32),
  expansion: count().max(16),
  detailWidth: count().max(8192),
  detailDepth: whole().max(256),
  carried: z.boolean().default(false),
  steadyPrior: z.boolean().optional(),
});

export interface ModelCard {
  title: string;
  /** Paragraphs and lists about how it was made and how good it is. */
  body: string;
}

/** Writes weights, config.json (shape, hash, training) and the model card. */
export function publishWorldModel(
  dir: string,
  params: Params,
  shape: ModelConfig,
  training: unknown,
  card: ModelCard,
): void {
  const size = (countParams(params) / 1e6).toFixed(2);
  publish(
    dir,
    params,
    { network: "world-model", shape, training, tokeniser: readConfig(TOKENISER).sha256 },
    `# ${card.title}\n\n${size} M parameters, stored as 16-bit floats.\n\n${card.body}\n`,
  );
}

export interface LoadedModel {
  params: Params;
  shape: ModelConfig;
  sha256: string;
}

/** Weights of a shipped world model. @throws UserError if they are missing, damaged or of another shape */
export function loadModelParams(dir = "checkpoints/base"): LoadedModel {
  const shape: ModelConfig = parseConfig(
    SHAPE,
    readConfig(dir).shape ?? {},
    (name) => `${dir}/config.json: shape.${name}`,
  );
  const { params, sha256 } = loadPublished(dir, modelSpec(shape));
  return { params, shape, sha256 };
}

/** A shipped world model, ready to generate. */
export function loadWorldModel(dir = "checkpoints/base", options: Partial<GenerationOptions> = {}): WorldModel {
  const { params, shape } = loadModelParams(dir);
  const codec = shape.carried ? codecOf(loadTokeniser()) : undefined;
  return makeWorldModel(params, shape, { codec, compiled: true, ...options });
}
