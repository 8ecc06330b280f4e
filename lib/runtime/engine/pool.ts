/** An engine over a crew: deals jobs out to workers, and gives those of dead workers to others. */
import { UserError } from "../../util/errors.ts";
import { sha256 as sha256Of } from "../../util/files.ts";
import type { Crew } from "./crew.ts";
import type { Engine, Job, JobOptions, Stored, Traffic } from "./engine.ts";
import { pack, unpack, type WorkerAnswer } from "./messages.ts";

/** Workers that may die over one job: more, and it is the job. */
const MOST_DEATHS = 4;

interface Entry {
  readonly module: string;
  readonly job: () => Job<unknown> | Promise<Job<unknown>>;
  deaths: number;
  readonly onReport: (value: unknown) => void;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

class Pool implements Engine {
  readonly name: string;
  private readonly crew: Crew;
  private readonly waiting: Entry[] = [];
  private readonly running = new Map<number, { entry: Entry; id: number }>();
  private readonly idle = new Set<number>();
  private readonly puts = new Map<string, Promise<void>>();
  private failure: Error | undefined;
  private jobs = 0;
  private readonly bytes = { stored: 0, sent: 0, received: 0 };

  constructor(crew: Crew) {
    this.crew = crew;
    this.name = crew.name;
    crew.start({
      up: (worker) => {
        this.idle.add(worker);
        this.deal();
      },
      down: (worker, why) => this.down(worker, why),
      answer: (worker, header, body) => this.answer(worker, header as WorkerAnswer, body),
      failed: (error) => this.fail(error),
    });
  }

  async put(bytes: Uint8Array): Promise<Stored> {
    if (this.failure) throw this.failure;
    const sha256 = sha256Of(bytes);
    if (!this.puts.has(sha256)) {
      this.puts.set(sha256, this.crew.put(sha256, bytes));
      this.bytes.stored += bytes.length;
    }
    await this.puts.get(sha256);
    if (this.failure) throw this.failure;
    return { sha256, bytes: bytes.length };
  }

  async drop({ sha256 }: Stored): Promise<void> {
    if (this.puts.delete(sha256)) await this.crew.drop(sha256);
  }

  async run<Input, Output>(
    module: string,
    jobs: readonly (Job<Input> | (() => Job<Input> | Promise<Job<Input>>))[],
    { onResult, onReport }: JobOptions<Output> = {},
  ): Promise<Output[]> {
    const own = new Set<Entry>();
    const results = jobs.map(
      (job, i) =>
        new Promise<Output>((resolve, reject) => {
          const entry: Entry = {
            module,
            job: typeof job === "function" ? job : () => job,
            deaths: 0,
            onReport: (value) => onReport?.(value, i),
            resolve: (output) => {
              onResult?.(output as Output, i);
              resolve(output as Output);
            },
            reject,
          };
          own.add(entry);
          this.waiting.push(entry);
        }),
    );
    if (this.failure) this.fail(this.failure);
    this.deal();
    try {
      return await Promise.all(results);
    } finally {
      // After a failure none of the others is begun.
      this.waiting.splice(0, this.waiting.length, ...this.waiting.filter((entry) => !own.has(entry)));
    }
  }

  traffic = (): Traffic => ({ ...this.bytes });

  async close(): Promise<void> {
    this.fail(new UserError("the engine is closed", "open another one"));
    await this.crew.close();
  }

  private deal(): void {
    for (const worker of this.idle) {
      const entry = this.waiting.shift();
      if (!entry) return;
      this.idle.delete(worker);
      const id = ++this.jobs;
      this.running.set(worker, { entry, id });
      this.give(worker, entry, id).catch((error: Error) => {
        this.running.delete(worker);
        this.idle.add(worker);
        entry.reject(error);
        this.deal();
      });
    }
  }

  private async give(worker: number, entry: Entry, id: number): Promise<void> {
    const { input, stored = {} } = await entry.job();
    for (const [name, { sha256 }] of Object.entries(stored))
      if (!this.puts.has(sha256)) throw new RangeError(`"${name}" of a job was not put, or was dropped`);
    // It may have died while the job was made; then `down` has given the job back already.
    if (this.running.get(worker)?.id !== id) return;
    const hashes = Object.fromEntries(Object.entries(stored).map(([name, { sha256 }]) => [name, sha256]));
    const body = pack(input);
    this.bytes.sent += body.length;
    this.crew.give(worker, { kind: "job", id, module: entry.module, stored: hashes }, body);
  }

  private answer(worker: number, header: WorkerAnswer, body: Uint8Array): void {
    this.bytes.received += body.length;
    const now = this.running.get(worker);
    if (!now || header.kind === "hello" || header.id !== now.id) return;
    const { entry } = now;
    if (header.kind === "report") {
      entry.onReport(unpack(body));
      return;
    }
    this.running.delete(worker);
    this.idle.add(worker);
    if (header.kind === "error") entry.reject(errorOf(header));
    else this.settle(entry, body);
    this.deal();
  }

  /** What a caller's `onResult` throws is an error of its run. */
  private settle(entry: Entry, body: Uint8Array): void {
    try {
      entry.resolve(unpack(body));
    } catch (error) {
      entry.reject(error as Error);
    }
  }

  private down(worker: number, why: string): void {
    this.idle.delete(worker);
    const entry = this.running.get(worker)?.entry;
    this.running.delete(worker);
    if (!entry) return;
    entry.deaths++;
    if (entry.deaths >= MOST_DEATHS) {
      const problem = `${entry.deaths} workers died over one job of ${entry.module}, the last one: ${why}`;
      entry.reject(new UserError(problem, "mend the task, or give it more memory; a run goes on from its last state"));
      return;
    }
    process.stderr.write(`engine: a worker is gone (${why}); its job goes to another\n`);
    this.waiting.unshift(entry);
    this.deal();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    const left = [...this.waiting.splice(0), ...[...this.running.values()].map(({ entry }) => entry)];
    this.running.clear();
    this.idle.clear();
    for (const entry of left) entry.reject(this.failure);
  }
}

function errorOf({ problem, mend, message, stack }: Extract<WorkerAnswer, { kind: "error" }>): Error {
  if (problem !== undefined && mend !== undefined) return new UserError(problem, mend);
  const error = new Error(message);
  error.stack = `${stack}\n    (in a worker)`;
  return error;
}

export const engineOver = (crew: Crew): Engine => new Pool(crew);
