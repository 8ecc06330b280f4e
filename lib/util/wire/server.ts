/** A small HTTP server for other programs: on this machine alone unless it has a token, with a cap on what it reads. */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fromSystem, UserError } from "../errors.ts";

export interface ListenOptions {
  /** Default: this machine alone. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** What a request must bring as `Authorization: Bearer TOKEN`; needed where the host is not this machine alone. */
  readonly token?: string;
  /** Largest request, bytes. */
  readonly limit?: number;
}

/** An answer: JSON, or bytes. */
export type Answer = object | Buffer;

/** By method and path, for example `POST /score`. */
export type Routes = Readonly<Record<string, (body: Buffer) => Answer | Promise<Answer>>>;

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];
const LIMIT = 256 * 2 ** 20;

/** An answer that is an error. A plain `UserError` is the request's fault, 400; anything else is ours, 500. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws UserError where others could reach it without a token, or where the system refuses the address */
export async function listen(routes: Routes, options: ListenOptions = {}): Promise<Listening> {
  const { host = LOOPBACK[0], port = 0, token } = options;
  if (!LOOPBACK.includes(host) && !token)
    throw new UserError(`a server on ${host} without a token`, "give a token, or serve on 127.0.0.1");
  const server = createServer((request, response) => {
    answer(request, routes, options).then(
      (value) => send(response, 200, value),
      (error: unknown) => refuse(request, response, error),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(fromSystem(error, `${host}:${port}`)));
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

function send(response: ServerResponse, status: number, value: Answer): void {
  const [type, body] = Buffer.isBuffer(value)
    ? ["application/octet-stream", value]
    : ["application/json", Buffer.from(JSON.stringify(value))];
  response.writeHead(status, { "content-type": type, "content-length": body.length });
  response.end(body);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const status = error instanceof Refusal ? error.status : error instanceof UserError ? 400 : 500;
  // What was not read would be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  send(response, status, { error: (error as Error).message });
}

async function answer(request: IncomingMessage, routes: Routes, { token, limit = LIMIT }: ListenOptions) {
  authorise(request, token);
  const name = `${request.method} ${request.url}`;
  if (!Object.hasOwn(routes, name))
    throw new Refusal(404, `there is no ${name}; there is ${Object.keys(routes).join(", ")}`);
  return routes[name](await read(request, limit));
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
    if (size > limit) throw new Refusal(413, `the request is larger than ${limit} bytes; send less at a time`);
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
