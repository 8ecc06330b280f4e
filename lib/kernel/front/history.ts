import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { globMatcher } from "./glob.ts";

/** session, number of the cell within it, source */
export type Entry = [number, number, string];

export interface HistoryRequest {
  hist_access_type?: string;
  session?: number;
  start?: number;
  stop?: number | null;
  n?: number | null;
  pattern?: string;
  unique?: boolean;
  output?: boolean;
  raw?: boolean;
}

/** What is kept: the file is shortened to this when a kernel starts, and a kernel holds no more in memory. */
const KEPT_CELLS = 10_000;
const KEPT_CHARACTERS = 16 * 2 ** 20;
/** A kernel forgets only when it has this many too many, so that it does not do so at every cell. */
const SLACK = 1000;

/**
 * The cells of this and earlier kernels, one JSON line each, in a file that only its owner can read. Without a path
 * nothing is written. A file that cannot be read or written costs the memory of earlier kernels, never a cell.
 */
export class History {
  readonly #path: string | undefined;
  readonly #complain: (problem: string) => void;
  #entries: Entry[];
  #broken = false;
  /** Its number, the first after those in the file; taken at the first cell, since other kernels may have begun. */
  #session: number;
  #claimed = false;
  #size = 0;

  constructor(path: string | undefined, complain: (problem: string) => void) {
    this.#path = path;
    this.#complain = complain;
    this.#entries = [];
    this.#attempt((file) => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      this.#entries = load(file);
      this.#size = sizeOf(file);
    });
    this.#session = nextSession(this.#entries);
  }

  add(line: number, source: string): void {
    if (!this.#claimed) this.#claim();
    const entry: Entry = [this.#session, line, source];
    this.#entries.push(entry);
    if (this.#entries.length > KEPT_CELLS + SLACK) this.#entries = newest(this.#entries);
    this.#attempt((file) => appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 }));
  }

  #claim(): void {
    this.#claimed = true;
    this.#attempt((file) => {
      if (sizeOf(file) !== this.#size) this.#session = nextSession(load(file));
    });
  }

  answer(request: HistoryRequest): unknown[] {
    const found = this.#select(request);
    return request.output ? found.map(([session, line, source]) => [session, line, [source, null]]) : found;
  }

  /** Says once what is wrong with the file, and leaves it alone from then on. */
  #attempt(work: (file: string) => void): void {
    if (this.#path === undefined || this.#broken) return;
    try {
      work(this.#path);
    } catch (error) {
      this.#broken = true;
      this.#complain(`The history of this kernel is not kept: ${(error as Error).message}`);
    }
  }

  #select(request: HistoryRequest): Entry[] {
    if (request.hist_access_type === "range") return this.#range(request);
    if (request.hist_access_type === "search") return this.#search(request);
    return lastOf(this.#entries, request.n);
  }

  /** `session` 0 is this one, negative ones count backwards; `stop` is excluded. */
  #range({ session = 0, start = 1, stop }: HistoryRequest): Entry[] {
    const wanted = session > 0 ? session : this.#session + session;
    const end = stop ?? Number.POSITIVE_INFINITY;
    return this.#entries.filter(([of, line]) => of === wanted && line >= start && line < end);
  }

  /** `*` and `?` in the pattern are wildcards. */
  #search({ pattern, n, unique = false }: HistoryRequest): Entry[] {
    const matches = globMatcher(typeof pattern === "string" ? pattern : "*");
    const found = this.#entries.filter(([, , source]) => matches(source));
    return lastOf(unique ? lastOfEachSource(found) : found, n);
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const nextSession = (entries: Entry[]): number => entries.reduce((highest, [of]) => Math.max(highest, of), 0) + 1;

/** Without a limit, or with a negative one, all of them. */
function lastOf(entries: Entry[], n: number | null | undefined): Entry[] {
  return typeof n === "number" && n >= 0 ? entries.slice(-n || entries.length) : entries;
}

function lastOfEachSource(entries: Entry[]): Entry[] {
  const last = new Map(entries.map((entry) => [entry[2], entry]));
  return entries.filter((entry) => last.get(entry[2]) === entry);
}

/** The newest entries that fit, oldest first. */
function newest(entries: Entry[]): Entry[] {
  let characters = 0;
  const first = entries.findLastIndex(({ 2: source }) => {
    characters += source.length;
    return characters > KEPT_CHARACTERS;
  });
  return entries.slice(Math.max(first + 1, entries.length - KEPT_CELLS));
}

/** Shortens the file, and mends one whose last line a crash or a full disk cut short: the next would be glued to it. */
function load(path: string): Entry[] {
  const text = read(path);
  const all = text.split("\n").flatMap((line) => parseLine(line) ?? []);
  const kept = newest(all);
  if (kept.length < all.length || (text !== "" && !text.endsWith("\n"))) rewrite(path, kept);
  return kept;
}

/** Under another name first: whoever reads meanwhile sees the old file or the new one. */
function rewrite(path: string, entries: Entry[]): void {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""), { mode: 0o600 });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function read(path: string): string {
  try {
    // A pipe or a device might never end.
    if (!statSync(path).isFile()) throw new Error(`${path} is not a file`);
    // Files of earlier versions could be read by everybody.
    chmodSync(path, 0o600);
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

const isNumber = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 32;

/** In an array, so that flatMap leaves the entry itself whole. */
function parseLine(line: string): [Entry] | undefined {
  try {
    const [session, number, source] = JSON.parse(line) as Entry;
    const isEntry = isNumber(session) && isNumber(number) && typeof source === "string";
    return isEntry ? [[session, number, source]] : undefined;
  } catch {
    return undefined;
  }
}
