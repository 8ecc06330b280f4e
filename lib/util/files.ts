import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./alive.ts";
import { onFile } from "./errors.ts";
import { jsonText } from "./strict-json.ts";

/**
 * Writes a file so that a reader, or a crash, sees the old file or the new one whole and never a part: into a
 * neighbour, flushed to the disc, renamed, and the folder flushed. Missing folders are made.
 * @throws UserError where the system refuses
 */
export function writeAtomic(path: string, content: Uint8Array | string): void {
  onFile(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    sweepTemporaries(dirname(path), basename(path));
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      writeDurably(temporary, typeof content === "string" ? Buffer.from(content) : content);
      renameSync(temporary, path);
    } finally {
      rmSync(temporary, { force: true });
    }
    flush(dirname(path));
  });
}

const TEMPORARY = /\.(\d+)\.tmp$/;

/**
 * Removes what killed processes left of unfinished files.
 * @param of only what was to become this file
 */
export function sweepTemporaries(dir: string, of?: string): void {
  for (const name of readdirSync(dir)) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid === undefined || (of !== undefined && name !== `${of}.${pid}.tmp`)) continue;
    if (Number(pid) === process.pid || !isAlive(Number(pid))) rmSync(join(dir, name), { force: true });
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

/** Has the system write a file, or a folder's list of files, to the disc. */
export function flush(path: string): void {
  // Windows flushes no folders.
  if (process.platform === "win32") return;
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Writes a value as indented JSON, atomically. @throws UserError at a number that is not finite */
export function writeJson(path: string, value: unknown): void {
  writeAtomic(path, `${jsonText(value, 2)}\n`);
}

/** Adds a value as one line of JSON at the end of a file; missing folders are made. @throws UserError as writeJson */
export function appendJsonLine(path: string, value: unknown): void {
  const line = `${jsonText(value)}\n`;
  onFile(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, line);
  });
}

/** The SHA-256 of bytes, in hexadecimal. */
export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** Size and SHA-256 of a file, to recognise it again. */
export interface Fingerprint {
  readonly bytes: number;
  readonly sha256: string;
}

export const fingerprint = (bytes: Uint8Array): Fingerprint => ({ bytes: bytes.length, sha256: sha256(bytes) });

export const fingerprintFile = (path: string): Fingerprint => fingerprint(readFileSync(path));
