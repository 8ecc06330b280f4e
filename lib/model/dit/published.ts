/** Shipped diffusion transformers: a folder with weights, config.json and a model card. */
import { UserError } from "../../util/errors.ts";
import type { Params } from "../nn/params.ts";
import { loadPublished, publish, readConfig } from "../nn/published.ts";
import type { DitConfig } from "./config.ts";
import { parseDitConfig } from "./schema.ts";
import { ditSpec } from "./spec.ts";

export interface PublishedDit {
  readonly params: Params;
  readonly model: DitConfig;
  /** SHA-256 of its weights, and of those of the tokeniser whose latents it was trained on. */
  readonly sha256: string;
  readonly tokeniser: string;
}

export interface DitCard {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** @param facts of its training, for config.json */
export function publishDit(
  dir: string,
  params: Params,
  model: DitConfig,
  tokeniser: string,
  facts: Record<string, unknown>,
  { title, body }: DitCard,
): void {
  publish(dir, params, { network: "dit", model, tokeniser, ...facts }, `# ${title}\n\n${body}\n`);
}

/** @throws UserError if it is missing, damaged, no such network, or of another tokeniser */
export function loadDit(dir: string, tokeniser?: string): PublishedDit {
  const { network, model, tokeniser: own } = readConfig(dir);
  if (network !== "dit" || typeof own !== "string" || typeof model !== "object" || model === null)
    throw new UserError(`${dir} holds no diffusion transformer`, "give the folder of one");
  if (tokeniser !== undefined && tokeniser !== own) {
    const problem = `the model in ${dir} was trained on the latents of another tokeniser (${own.slice(0, 12)})`;
    throw new UserError(problem, `load it with that one; this one is ${tokeniser.slice(0, 12)}`);
  }
  const config = parseDitConfig(dir, model);
  const { params, sha256 } = loadPublished(dir, ditSpec(config));
  return { params, model: config, sha256, tokeniser: own };
}
