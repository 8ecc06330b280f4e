import { existsSync, readFileSync, statSync } from "node:fs";
import { UserError } from "../../util/errors.ts";
import { type Fingerprint, sha256 } from "../../util/files.ts";

const MEND =
  "Delete it and run `npm run train -- --only data` with the same options: only missing shards are made again.";

/** The bytes of a file, after comparing them with its fingerprint. */
export function readChecked(path: string, expected: Fingerprint): Uint8Array {
  if (!existsSync(path)) throw new UserError(`${path} is missing.`, MEND.replace("Delete it and run", "Run"));
  const size = statSync(path).size;
  if (size < expected.bytes) {
    throw new UserError(`${path} is truncated: it has ${size} of ${expected.bytes} bytes.`, MEND);
  }
  const bytes = readFileSync(path);
  if (size !== expected.bytes || sha256(bytes) !== expected.sha256) {
    throw new UserError(`${path} is corrupted: its SHA-256 is not the manifest's.`, MEND);
  }
  return bytes;
}

/** Is the file there, whole and unchanged? */
export function isIntact(path: string, expected: Fingerprint): boolean {
  try {
    readChecked(path, expected);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
