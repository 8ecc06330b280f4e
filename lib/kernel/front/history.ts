import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

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

/** Every stored cell since the beginning, one JSON line each, so that it outlives the kernel. */
export class History {
  readonly #path: string;
  readonly #entries: Entry[];
  readonly session: number;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#entries = readEntries(path);
    this.session = (this.#entries.at(-1)?.[0] ?? 0) + 1;
  }

  add(line: number, source: string): void {
    const entry: Entry = [this.session, line, source];
    this.#entries.push(entry);
    appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }

  answer(request: HistoryRequest): unknown[] {
    const found = this.#select(request);
    return request.output ? found.map(([session, line, source]) => [session, line, [source, null]]) : found;
  }

  #select(request: HistoryRequest): Entry[] {
    if (request.hist_access_type === "range") return this.#range(request);
    if (request.hist_access_type === "search") return this.#search(request);
    return lastOf(this.#entries, request.n);
  }

  /** `session` 0 is this one, negative ones count backwards; `stop` is excluded. */
  #range({ session = 0, start = 1, stop }: HistoryRequest): Entry[] {
    const wanted = session > 0 ? session : this.session + session;
    const end = stop ?? Number.POSITIVE_INFINITY;
    return this.#entries.filter(([of, line]) => of === wanted && line >= start && line < end);
  }

  /** `*` and `?` in the pattern are wildcards. */
  #search({ pattern = "*", n, unique = false }: HistoryRequest): Entry[] {
    const expression = globToRegExp(pattern);
    const found = this.#entries.filter(([, , source]) => expression.test(source));
    return lastOf(unique ? lastOfEachSource(found) : found, n);
  }
}

function lastOf(entries: Entry[], n: number | null | undefined): Entry[] {
  return n === undefined || n === null ? entries : entries.slice(-n || entries.length);
}

function lastOfEachSource(entries: Entry[]): Entry[] {
  const last = new Map(entries.map((entry) => [entry[2], entry]));
  return entries.filter((entry) => last.get(entry[2]) === entry);
}

function globToRegExp(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
}

/** Lines cut short by a crash are left out. */
function readEntries(path: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    const entry = parseLine(line);
    return entry ? [entry] : [];
  });
}

function parseLine(line: string): Entry | undefined {
  try {
    const [session, number, source] = JSON.parse(line) as Entry;
    return Number.isInteger(session) && typeof source === "string" ? [session, number, source] : undefined;
  } catch {
    return undefined;
  }
}
