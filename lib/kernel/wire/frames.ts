import type { Header, Json, Message } from "./message.ts";
import type { ReplayGuard } from "./replay-guard.ts";
import { sign, verify } from "./signature.ts";

const DELIMITER = Buffer.from("<IDS|MSG>");

/** Why an incoming message was refused. It is dropped and counted, never answered. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/**
 * zeromq frames -> message. The signature is checked before any frame is parsed, and each signature is good once.
 * @throws WireError
 */
export function decode(frames: readonly Buffer[], key: string, replays?: ReplayGuard): Message {
  const start = frames.findIndex((frame) => frame.equals(DELIMITER));
  if (start < 0) throw new WireError("no <IDS|MSG> delimiter");
  const [signature, ...parts] = frames.slice(start + 1, start + 6);
  if (parts.length < 4) throw new WireError(`${parts.length} JSON frames where 4 are needed`);
  if (!verify(key, signature, parts)) throw new WireError("wrong signature");
  if (key !== "" && replays?.isRepeated(signature)) throw new WireError("a message that was received before");
  const [header, parent, metadata, content] = parts.map(parseObject);
  return {
    identities: frames.slice(0, start),
    header: checkHeader(header),
    parent: "msg_id" in parent ? checkHeader(parent) : {},
    metadata,
    content,
    buffers: frames.slice(start + 6),
  };
}

/** message -> zeromq frames, signed. */
export function encode(message: Message, key: string): Buffer[] {
  const { header, parent, metadata, content } = message;
  const parts = [header, parent, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
  const signature = Buffer.from(sign(key, parts), "latin1");
  return [...message.identities, DELIMITER, signature, ...parts, ...message.buffers];
}

function parseObject(frame: Buffer): Json {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch {
    throw new WireError("a frame is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new WireError("a frame is no object");
  return value as Json;
}

function checkHeader(header: Json): Header {
  for (const field of ["msg_id", "msg_type", "session"]) {
    if (typeof header[field] !== "string") throw new WireError(`header without ${field}`);
  }
  return { username: "", date: "", version: "5.0", ...header } as unknown as Header;
}
