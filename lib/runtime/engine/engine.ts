/**
 * Where work is done that can be cut into jobs: in processes of this machine, or on a Ray cluster. A job is a pure function of what
 * it is given, so that it is done again elsewhere when its worker dies, and comes out the same wherever it is done.
 */

/** Bytes that the engine keeps for its workers, named by their content. */
export interface Stored {
  readonly sha256: string;
  readonly bytes: number;
}

export interface Job<Input> {
  /** Anything that can be cloned: plain values, arrays of numbers, bytes. */
  readonly input: Input;
  /** Large inputs that jobs share, such as weights. */
  readonly stored?: Readonly<Record<string, Stored>>;
}

/** What a task is given beside its input. It is another one for every job. */
export interface TaskContext {
  /** The bytes stored under a name. @throws RangeError where the job has none */
  stored(name: string): Uint8Array;
  /** The hash of what is stored under a name. */
  hashOf(name: string): string;
  /** A value that is made once and kept for later jobs of this worker: a loaded network. The least used are let go. */
  keep<T>(key: string, make: () => T | Promise<T>, release?: (value: T) => void): Promise<T>;
  /** Tells the one who gave the job how far it is. */
  report(value: unknown): Promise<void>;
}

/** The default export of a task's module. */
export type Task<Input, Output> = (input: Input, context: TaskContext) => Output | Promise<Output>;

export interface JobOptions<Output> {
  /** Called with each result as it comes, in any order. */
  readonly onResult?: (output: Output, job: number) => void;
  readonly onReport?: (value: unknown, job: number) => void;
}

/** Bytes between this process and the workers, so far. */
export interface Traffic {
  /** Put into the engine's store. */
  readonly stored: number;
  readonly sent: number;
  readonly received: number;
}

export interface Engine {
  /** For messages and records: "local, 2 workers". */
  readonly name: string;
  /** Keeps bytes for jobs; the same bytes are kept once. */
  put(bytes: Uint8Array): Promise<Stored>;
  /** Lets them go again; jobs that name them must be over. */
  drop(stored: Stored): Promise<void>;
  /**
   * Does jobs, as many side by side as there are workers.
   * @param module the task's module, a path in the project's folder; its default export is the task
   * @param jobs a function is called anew whenever the job is given to a worker
   * @returns results in the order of the jobs
   * @throws what the first failing task threw; UserError where workers die again and again
   */
  run<Input, Output>(
    module: string,
    jobs: readonly (Job<Input> | (() => Job<Input> | Promise<Job<Input>>))[],
    options?: JobOptions<Output>,
  ): Promise<Output[]>;
  traffic(): Traffic;
  /** Ends the workers, and whatever else it started. */
  close(): Promise<void>;
}
