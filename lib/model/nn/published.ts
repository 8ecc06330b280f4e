/**
 * Trained networks as they are shipped: a folder with model.safetensors, config.json and a model card. The config vouches
 * for the weights by their hash, and for itself by a seal; it names the tokeniser that the network belongs to.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { sha256 as hashOf } from "../../util/files.ts";
import { fromRoot } from "../../util/root.ts";
import { jsonText, readRecord } from "../../util/strict-json.ts";
import { encodeParams, loadParams, notFinite, sha256Of, toHost } from "./checkpoint.ts";
import type { Params } from "./params.ts";
import { replaceFolder } from "./replace.ts";
import { refuseOtherRecipe } from "./shipped.ts";

const WEIGHTS = "model.safetensors";
const CONFIG = "config.json";
const RESTORE = "restore the file from git";

type Config = Record<string, unknown>;

export interface Published {
  params: Params;
  config: Config;
  sha256: string;
}

/** The bytes of weights as they are shipped. @throws UserError where one is not finite, or too large for 16 bits */
export function publishedBytes(params: Params): Buffer {
  const broken = notFinite(toHost(params));
  if (broken) throw new UserError(`"${broken}" is not finite`, "train the network again; it is not to be used");
  try {
    return encodeParams(params, {}, "F16");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`the weights are too large for 16 bits: ${error.message}`, "train again, at a lower rate", {
      cause: error,
    });
  }
}

/**
 * Writes a folder (relative to the project) with weights as 16-bit floats, config and card; the old one stays until the
 * new one is whole.
 * @throws UserError where a number is not finite, or where the folder is shipped and was made by another recipe
 */
export function publish(dir: string, params: Params, config: Config, card: string): void {
  const bytes = publishedBytes(params);
  const full = { ...config, sha256: sha256Of(bytes) };
  const text = jsonText({ ...full, seal: sealOf(full) }, 2);
  refuseOtherRecipe(dir, config);
  replaceFolder(fromRoot(dir), { [WEIGHTS]: bytes, [CONFIG]: `${text}\n`, "README.md": card });
}

/**
 * Looks whether the network in `from` may be shipped as `to`, and changes nothing.
 * @returns what ships it
 * @throws UserError where it is damaged, or `to` is shipped and was made by another recipe
 */
export function shippable(from: string, to: string): () => void {
  const config = readConfig(from);
  refuseOtherRecipe(to, config);
  // What is fitted, and not trained, has no weights.
  const names = [...("sha256" in config ? [WEIGHTS] : []), "README.md"];
  const files = names.map((name) => [name, readFileSync(fromRoot(join(from, name)))] as const);
  // Sealed here too: networks of earlier versions, and fitted ones, have no seal of their own.
  const sealed = Buffer.from(`${jsonText({ ...config, seal: sealOf(config) }, 2)}\n`);
  const found = Object.fromEntries(files)[WEIGHTS];
  if (found && hashOf(found) !== config.sha256)
    throw new UserError(`the weights in ${from} have SHA-256 ${hashOf(found).slice(0, 12)}, not the config's`, RESTORE);
  return () => replaceFolder(fromRoot(to), { ...Object.fromEntries(files), [CONFIG]: sealed });
}

/** Of a config without its seal, in the order of its entries. */
const sealOf = (config: Config): string => hashOf(JSON.stringify(config));

/** The config alone. @throws UserError if there is none, it is not a JSON object, or it was changed */
export function readConfig(dir: string): Config {
  const path = fromRoot(join(dir, CONFIG));
  if (!existsSync(path))
    throw new UserError(`no trained network in ${dir}`, "restore the folder from git, or train it");
  const { seal, ...config } = readRecord(path, RESTORE);
  // Networks of earlier versions have no seal.
  if (seal !== undefined && seal !== sealOf(config))
    throw new UserError(`${path} was changed after the network was trained`, RESTORE);
  return config;
}

/**
 * @throws UserError if anything is missing, damaged, of another shape than `expect`, or if the tokeniser beside it is not the
 * one that it was trained with
 */
export function loadPublished(dir: string, expect: Record<string, { shape: number[] }>): Published {
  const config = readConfig(dir);
  const { sha256 } = config;
  if (typeof sha256 !== "string") throw new UserError(`${join(dir, CONFIG)} does not say its weights' sha256`, RESTORE);
  checkTokeniser(dir, config);
  const { params } = loadParams(fromRoot(join(dir, WEIGHTS)), { expect, sha256, finite: true });
  return { params, config, sha256 };
}

/** Networks stand beside their tokeniser. */
const TOKENISER = "../tokeniser";

/** With other latents everything would run, and show other pictures. */
function checkTokeniser(dir: string, { tokeniser: own }: Config): void {
  const place = join(dir, TOKENISER);
  if (typeof own !== "string" || !existsSync(fromRoot(join(place, CONFIG)))) return;
  const { sha256: found } = readConfig(place);
  if (found === own) return;
  throw new UserError(
    `the network in ${dir} was trained with another tokeniser (${own.slice(0, 12)}) than the one in ${place} (${String(found).slice(0, 12)})`,
    "restore both from git, or train it with this one",
  );
}
