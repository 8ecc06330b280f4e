/** A reward that another program gives, over HTTP; see docs/scorers.md for what it must answer. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { UserError } from "../../util/errors.ts";
import type { CameraModel } from "../../world/world.ts";
import type { JudgedClip, Scoring } from "../reward.ts";
import { encodeClips, PROTOCOL } from "./message.ts";

export interface RemoteOptions {
  /** Its name in records; not necessarily what it calls itself. */
  readonly name: string;
  /** Without a path: `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly camera: Pick<CameraModel, "width" | "height">;
  readonly token?: string;
  /** Clips of one request. */
  readonly batch?: number;
  /** Requests at a time. */
  readonly side?: number;
  /** Seconds after which a request is given up. */
  readonly timeout?: number;
  /** Times that a request is repeated where no answer came, or one that says it is not the request's fault. */
  readonly retries?: number;
}

const DEFAULTS = { batch: 32, side: 2, timeout: 60, retries: 3 };
/** Seconds before the first repetition; twice as long before each further one. */
const PAUSE = 0.5;

const infoSchema = z.object({ protocol: z.literal(PROTOCOL), name: z.string(), needs: z.array(z.string()) });
const scoresSchema = z.object({ scores: z.array(z.number()) });

export interface RemoteReward extends Scoring {
  score(clips: readonly JudgedClip[]): Promise<number[]>;
}

/** A failure that another try may mend. */
class Passing extends Error {}

/**
 * Asks the scorer what it is, and gives a reward that asks it for scores.
 * @throws UserError where no such scorer answers
 */
export async function remoteReward(options: RemoteOptions): Promise<RemoteReward> {
  const all = { ...DEFAULTS, ...options };
  const { needs } = checked(await ask(all, "/info"), infoSchema, all);
  const past = needs.includes("past");
  const { width, height } = options.camera;
  const scoreBatch = async (clips: readonly JudgedClip[]): Promise<number[]> => {
    const { scores } = checked(
      await ask(all, "/score", encodeClips(clips, { width, height, past })),
      scoresSchema,
      all,
    );
    if (scores.length === clips.length) return scores;
    throw trouble(all, `answered ${scores.length} scores for ${clips.length} clips`, "let it give one score a clip");
  };
  const score = async (clips: readonly JudgedClip[]): Promise<number[]> => {
    const batches = Array.from({ length: Math.ceil(clips.length / all.batch) }, (_, i) =>
      clips.slice(i * all.batch, (i + 1) * all.batch),
    );
    return (await sideBySide(batches, all.side, scoreBatch)).flat();
  };
  return { name: options.name, score };
}

type Asked = RemoteOptions & typeof DEFAULTS;

const trouble = ({ name, url }: Asked, what: string, mend: string, cause?: unknown): UserError =>
  new UserError(`the scorer "${name}" at ${url} ${what}`, `${mend}; the run goes on from its last state`, { cause });

function checked<T>(answer: unknown, schema: z.ZodType<T>, options: Asked): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw trouble(options, `answered what is none: ${path.join(".")}: ${message}`, "see docs/scorers.md");
}

/** Answers in order, `side` requests at a time; the first failure ends it. */
async function sideBySide<A, B>(items: readonly A[], side: number, work: (item: A) => Promise<B>): Promise<B[]> {
  const out: B[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++;
      out[i] = await work(items[i]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(side, items.length) }, worker));
  return out;
}

/** One request, repeated where that may help; it is the same each time, so that the answer is too. */
async function ask(options: Asked, path: string, body?: Buffer): Promise<unknown> {
  for (let tried = 0; ; tried++) {
    try {
      return await askOnce(options, path, body);
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      if (tried >= options.retries)
        throw trouble(options, `${error.message} (${tried + 1} tries)`, "start it, or mend it", error);
      await sleep(1000 * PAUSE * 2 ** tried);
    }
  }
}

async function askOnce(options: Asked, path: string, body?: Buffer): Promise<unknown> {
  const { url, token, timeout } = options;
  let response: Response;
  let text: string;
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
    text = await response.text();
  } catch (error) {
    throw new Passing(reasonOf(error, timeout), { cause: error });
  }
  if (response.status >= 500) throw new Passing(`failed: ${saidIn(text)}`);
  if (!response.ok) throw trouble(options, `refused: ${saidIn(text)}`, "see docs/scorers.md");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw trouble(options, "answered what is not JSON", "see docs/scorers.md", cause);
  }
}

function reasonOf(error: unknown, timeout: number): string {
  const { name, message, cause } = error as Error;
  if (name === "TimeoutError") return `did not answer within ${timeout} s`;
  return `does not answer: ${(cause as Error | undefined)?.message || message}`;
}

/** The error that a scorer names, or the beginning of what it says. */
function saidIn(text: string): string {
  try {
    return String(JSON.parse(text).error ?? text).slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}
