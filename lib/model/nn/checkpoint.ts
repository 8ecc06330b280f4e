/** Tensors of a running program to and from safetensors files. */
import { existsSync, readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import { onFile, UserError } from "../../util/errors.ts";
import { sha256 as sha256Of, writeAtomic } from "../../util/files.ts";
import { decodeSafetensors, encodeSafetensors, type HostTensor, type StoredType } from "../../util/safetensors.ts";
import { mapEntries, type Params } from "./params.ts";

export { sha256Of };

/** Copies tensors out of the backend. @throws RangeError unless all are float32 */
export function toHost(params: Params): Record<string, HostTensor> {
  return mapEntries(params, (t, name) => {
    if (t.dtype !== "float32") throw new RangeError(`"${name}" is ${t.dtype}, only float32 is stored`);
    return { shape: t.shape, data: t.dataSync() as Float32Array };
  });
}

export function fromHost(tensors: Record<string, HostTensor>): Params {
  return mapEntries(tensors, ({ shape, data }) => tf.tensor(data, shape, "float32"));
}

/** The bytes of a safetensors file. */
export const encodeParams = (params: Params, metadata: Record<string, string> = {}, dtype?: StoredType): Buffer =>
  encodeSafetensors(toHost(params), metadata, dtype);

/** Writes atomically: the old file survives until the new one is whole on disk. */
export function saveParams(path: string, params: Params, metadata: Record<string, string> = {}): void {
  writeAtomic(path, encodeParams(params, metadata));
}

export interface ParamsOptions {
  /** Names and shapes that the file must have, no more and no less. */
  expect?: Record<string, { shape: number[] }>;
  /** Expected SHA-256 of the file, in hexadecimal. */
  sha256?: string;
  /** Looks at the file's bytes and metadata before anything is used; throws where they are not to be. */
  verify?: (bytes: Buffer, metadata: Record<string, string>) => void;
  /** Refuse numbers that are not finite. */
  finite?: boolean;
}

/** @throws UserError if the file is missing, damaged, of another hash, or holds other names, shapes or numbers */
export function loadParams(
  path: string,
  { expect, sha256, verify, finite }: ParamsOptions = {},
): { params: Params; metadata: Record<string, string> } {
  if (!existsSync(path))
    throw new UserError(`no checkpoint at ${path}`, "check the path, restore the file from git, or train it");
  const bytes = onFile(path, () => readFileSync(path));
  if (sha256 !== undefined && sha256Of(bytes) !== sha256) {
    throw new UserError(
      `${path} has SHA-256 ${sha256Of(bytes)}, its config says ${sha256}`,
      "restore the file from git",
    );
  }
  const { tensors, metadata } = decodeSafetensors(bytes, path);
  verify?.(bytes, metadata);
  if (expect) checkShapes(path, tensors, expect);
  if (finite) checkFinite(path, tensors);
  return { params: fromHost(tensors), metadata };
}

/** The name of the first tensor with a number that is not finite. */
export const notFinite = (tensors: Record<string, HostTensor>): string | undefined =>
  Object.entries(tensors).find(([, { data }]) => !data.every(Number.isFinite))?.[0];

function checkFinite(path: string, tensors: Record<string, HostTensor>): void {
  const broken = notFinite(tensors);
  if (broken) throw new UserError(`${path}: "${broken}" is not finite`, "restore the file, or train it again");
}

/** Says every difference at once: missing, unexpected, and of another shape. */
function checkShapes(
  path: string,
  found: Record<string, HostTensor>,
  expect: Record<string, { shape: number[] }>,
): void {
  const problems = [
    ...Object.keys(expect)
      .filter((name) => !Object.hasOwn(found, name))
      .map((name) => `lacks "${name}"`),
    ...Object.keys(found)
      .filter((name) => !Object.hasOwn(expect, name))
      .map((name) => `has unexpected "${name}"`),
    ...Object.entries(expect)
      .filter(([name, { shape }]) => Object.hasOwn(found, name) && found[name].shape.join() !== shape.join())
      .map(([name, { shape }]) => `"${name}" is [${found[name].shape}] instead of [${shape}]`),
  ];
  if (problems.length > 0) {
    throw new UserError(
      `${path} does not fit this network: ${problems.join("; ")}`,
      "use the checkpoint of this configuration, or train one",
    );
  }
}
