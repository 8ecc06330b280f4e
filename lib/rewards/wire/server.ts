/** Serves a reward over HTTP, to programs in any language: `POST /score` with clips, `GET /info` about it. */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../../util/errors.ts";
import type { Scoring } from "../reward.ts";
import { decodeClips, PROTOCOL } from "./message.ts";

export interface ServerOptions {
  readonly reward: Scoring;
  /** Does it look at the frames before a clip? */
  readonly needsPast?: boolean;
  /** Default: this machine alone. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** What a request must bring as `Authorization: Bearer TOKEN`; needed where the host is not this machine alone. */
  readonly token?: string;
  /** Largest request, bytes. */
  readonly limit?: number;
}

export interface Scorer {
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];
const LIMIT = 256 * 2 ** 20;

/** An answer that is no score. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws UserError where others could reach it without a token */
export async function serveReward(options: ServerOptions): Promise<Scorer> {
  const { host = LOOPBACK[0], port = 0, token } = options;
  if (!LOOPBACK.includes(host) && !token)
    throw new UserError(`a scorer on ${host} without a token`, "give a token, or serve on 127.0.0.1");
  const server = createServer((request, response) => {
    answer(request, options).then(
      (value) => send(response, 200, value),
      (error: unknown) => refuse(request, response, error),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: own } = server.address() as AddressInfo;
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${own}`, close: () => closed(server) };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

function send(response: ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const status = error instanceof Refusal ? error.status : error instanceof UserError ? 400 : 500;
  // What was not read would be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  send(response, status, { error: (error as Error).message });
}

async function answer(request: IncomingMessage, options: ServerOptions): Promise<object> {
  const { reward, needsPast = false } = options;
  authorise(request, options.token);
  if (request.method === "GET" && request.url === "/info")
    return { protocol: PROTOCOL, name: reward.name, needs: needsPast ? ["past"] : [] };
  if (request.method !== "POST" || request.url !== "/score")
    throw new Refusal(404, `there is no ${request.method} ${request.url}; POST /score or GET /info`);
  const clips = decodeClips(await read(request, options.limit ?? LIMIT));
  const scores = await reward.score(clips);
  if (scores.length !== clips.length || !scores.every(Number.isFinite))
    throw new Refusal(500, `reward "${reward.name}" gave [${scores}] for ${clips.length} clips`);
  return { scores };
}

function authorise({ headers }: IncomingMessage, token: string | undefined): void {
  if (token === undefined) return;
  const [given, expected] = [Buffer.from(headers.authorization ?? ""), Buffer.from(`Bearer ${token}`)];
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new Refusal(401, "the token is missing or wrong; send Authorization: Bearer TOKEN");
}

async function read(request: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > limit) throw new Refusal(413, `the request is larger than ${limit} bytes; send fewer clips at a time`);
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
