/** A checksum over a whole file that stands in the file itself: it is taken with zeros in its own place. */
import { createHash } from "node:crypto";

const ZEROS = "0".repeat(64);
const marked = (hash: string): string => `"seal":"${hash}"`;

/** @param encode makes the file's bytes, with the given entry at the beginning of its metadata */
export function sealed(encode: (entry: { seal: string }) => Buffer): Buffer {
  const bytes = encode({ seal: ZEROS });
  const at = bytes.indexOf(marked(ZEROS));
  bytes.write(marked(hashOf(bytes, at)), at);
  return bytes;
}

/** Whether nothing of the file has changed since it was sealed. */
export function unsealed(bytes: Buffer, seal: string): boolean {
  const at = bytes.indexOf(marked(seal));
  return at >= 0 && seal.length === ZEROS.length && hashOf(bytes, at) === seal;
}

function hashOf(bytes: Buffer, at: number): string {
  const zeros = marked(ZEROS);
  const hash = createHash("sha256").update(bytes.subarray(0, at)).update(zeros);
  return hash.update(bytes.subarray(at + zeros.length)).digest("hex");
}
