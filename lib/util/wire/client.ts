/** Requests to another program, repeated where that may help; every failure is one line that names the program. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { UserError } from "../errors.ts";

export interface AskOptions {
  /** What it is, in messages: `the scorer "mine"`. */
  readonly who: string;
  /** Without a path: `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly token?: string;
  /** Seconds after which a request is given up. Default 60. */
  readonly timeout?: number;
  /** Times that a request is repeated where no answer came, or one that says it is not the request's fault. Default 3. */
  readonly retries?: number;
  /** Bytes of the largest answer that is read. Default 1 GiB. */
  readonly limit?: number;
  /** The page that says how it should answer. */
  readonly page: string;
}

const LIMIT = 2 ** 30;

/** Seconds before the first repetition; twice as long before each further one. */
const PAUSE = 0.5;

/** A failure that another try may mend. */
class Passing extends Error {}

export const trouble = ({ who, url }: AskOptions, what: string, mend: string, cause?: unknown): UserError =>
  new UserError(`${who} at ${url} ${what}`, `${mend}; a run goes on from its last state`, { cause });

/** @throws UserError where the answer is not of the schema */
export function checked<T>(answer: unknown, schema: z.ZodType<T>, options: AskOptions): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw trouble(options, `answered what is none: ${path.join(".")}: ${message}`, `see ${options.page}`);
}

/** The answer as JSON. @param body of a POST; without one it is a GET */
export async function askJson<T>(options: AskOptions, path: string, schema: z.ZodType<T>, body?: Buffer): Promise<T> {
  const bytes = await ask(options, path, body);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw trouble(options, "answered what is not JSON", `see ${options.page}`, cause);
  }
  return checked(value, schema, options);
}

/** @throws UserError at what no request can be sent to */
function checkAddress({ who, url }: AskOptions): void {
  if (URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol)) return;
  throw new UserError(`${who}: "${url}" is no http address`, "write it as http://127.0.0.1:8000");
}

/** One request, repeated where that may help; it is the same each time, so that the answer is too. */
export async function ask(options: AskOptions, path: string, body?: Buffer): Promise<Buffer> {
  checkAddress(options);
  const { retries = 3 } = options;
  for (let tried = 0; ; tried++) {
    try {
      return await askOnce(options, path, body);
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      if (tried >= retries)
        throw trouble(options, `${error.message} (${tried + 1} tries)`, "start it, or mend it", error);
      await sleep(1000 * PAUSE * 2 ** tried);
    }
  }
}

async function askOnce(options: AskOptions, path: string, body?: Buffer): Promise<Buffer> {
  const { url, token, timeout = 60, limit = LIMIT } = options;
  let response: Response;
  let bytes: Buffer;
  try {
    response = await fetch(new URL(path, url), {
      method: body ? "POST" : "GET",
      body: body && new Uint8Array(body),
      headers: {
        ...(body ? { "content-type": "application/octet-stream" } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      signal: AbortSignal.timeout(1000 * timeout),
    });
    bytes = await read(response, limit);
  } catch (error) {
    if (error instanceof TooLarge) throw trouble(options, error.message, `see ${options.page}`, error);
    throw new Passing(reasonOf(error, timeout), { cause: error });
  }
  if (response.status >= 500) throw new Passing(`failed: ${saidIn(bytes)}`);
  if (!response.ok) throw trouble(options, `refused: ${saidIn(bytes)}`, `see ${options.page}`);
  return bytes;
}

class TooLarge extends Error {}

/** The answer's bytes, as far as they are wanted: a program that never ends would fill the memory. */
async function read({ body }: Response, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > limit) throw new TooLarge(`answered more than ${limit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function reasonOf(error: unknown, timeout: number): string {
  const { name, message, cause } = error as Error;
  if (name === "TimeoutError") return `did not answer within ${timeout} s`;
  return `does not answer: ${(cause as Error | undefined)?.message || message}`;
}

/** Characters of an answer that are told. */
const TOLD = 300;

/** The error that a program names, or the beginning of what it says. */
function saidIn(bytes: Buffer): string {
  const text = bytes.toString("utf8", 0, 10 * TOLD);
  const named = z.object({ error: z.string() }).safeParse(tryJson(text));
  return (named.success ? named.data.error : text).slice(0, TOLD);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is not JSON is told as it stands.
    return undefined;
  }
}
