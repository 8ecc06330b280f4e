/** Trained networks as they are shipped: a folder with model.safetensors, config.json (with its hash) and a model card. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { writeAtomic, writeJson } from "../../util/files.ts";
import { fromRoot } from "../../util/root.ts";
import { encodeParams, loadParams, sha256Of } from "./checkpoint.ts";
import type { Params } from "./params.ts";

const WEIGHTS = "model.safetensors";

export interface Published {
  params: Params;
  config: Record<string, unknown>;
  sha256: string;
}

/** The bytes of weights as they are shipped. */
export const publishedBytes = (params: Params): Buffer => encodeParams(params, {}, "F16");

/**
 * Writes weights as 16-bit floats into `dir` (relative to the project), then the config that vouches for them, then
 * the card.
 */
export function publish(dir: string, params: Params, config: Record<string, unknown>, card: string): void {
  const bytes = publishedBytes(params);
  const folder = fromRoot(dir);
  writeAtomic(join(folder, WEIGHTS), bytes);
  writeJson(join(folder, "config.json"), { ...config, sha256: sha256Of(bytes) });
  writeAtomic(join(folder, "README.md"), card);
}

/** The config alone. @throws UserError if there is none or it is not a JSON object */
export function readConfig(dir: string): Record<string, unknown> {
  const path = fromRoot(join(dir, "config.json"));
  if (!existsSync(path))
    throw new UserError(`no trained network in ${dir}`, "restore the folder from git, or train it");
  const config = parse(path);
  if (typeof config === "object" && config !== null) return config as Record<string, unknown>;
  throw new UserError(`${path} is not an object`, "restore the file from git");
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(`${path} is not JSON`, "restore the file from git", { cause: error });
  }
}

/** @throws UserError if anything is missing, damaged, or of another shape than `expect` */
export function loadPublished(dir: string, expect: Record<string, { shape: number[] }>): Published {
  const config = readConfig(dir);
  const { sha256 } = config;
  if (typeof sha256 !== "string")
    throw new UserError(`${join(dir, "config.json")} does not say its weights' sha256`, "restore the file from git");
  const { params } = loadParams(fromRoot(join(dir, WEIGHTS)), { expect, sha256 });
  return { params, config, sha256 };
}
