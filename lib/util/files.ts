import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file so that a reader, or a crash, sees the old file or the new one whole and never a part: into a
 * neighbour, flushed to the disc, renamed. Missing folders are made.
 */
export function writeAtomic(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeDurably(temporary, typeof content === "string" ? Buffer.from(content) : content);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "w");
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Writes a value as indented JSON, atomically. */
export function writeJson(path: string, value: unknown): void {
  writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Adds a value as one line of JSON at the end of a file; missing folders are made. */
export function appendJsonLine(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(value)}\n`);
}

/** The SHA-256 of bytes, in hexadecimal. */
export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Size and SHA-256 of a file, to recognise it again. */
export interface Fingerprint {
  readonly bytes: number;
  readonly sha256: string;
}

export const fingerprint = (bytes: Uint8Array): Fingerprint => ({ bytes: bytes.length, sha256: sha256(bytes) });

export const fingerprintFile = (path: string): Fingerprint => fingerprint(readFileSync(path));
