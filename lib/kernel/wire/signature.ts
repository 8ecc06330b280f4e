import { createHmac, timingSafeEqual } from "node:crypto";

/** HMAC-SHA256 over the four JSON frames, hex. An empty key switches signing off, as the protocol says. */
export function sign(key: string, parts: readonly Buffer[]): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/** Compares in constant time: how long it takes says nothing about how much of a forged signature is right. */
export function verify(key: string, signature: Buffer, parts: readonly Buffer[]): boolean {
  if (key === "") return true;
  const expected = Buffer.from(sign(key, parts), "latin1");
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}
