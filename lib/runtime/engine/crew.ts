/** What an engine needs of the place where its workers are; `pool.ts` makes an engine of it. */
import type { WorkerRequest } from "./messages.ts";

export type JobRequest = Extract<WorkerRequest, { kind: "job" }>;

/** What a crew tells. Workers are numbered; one that is replaced has a new number. */
export interface CrewEvents {
  up(worker: number, where: string): void;
  /** @param why in words; nothing more comes of this worker */
  down(worker: number, why: string): void;
  answer(worker: number, header: Record<string, unknown>, body: Uint8Array): void;
  /** No worker will come any more. */
  failed(error: Error): void;
}

export interface Crew {
  readonly name: string;
  /** Starts the workers. */
  start(events: CrewEvents): void;
  put(sha256: string, bytes: Uint8Array): Promise<void>;
  drop(sha256: string): Promise<void>;
  /** Gives a job to a worker that has none; what is stored gets to it first, unless it is there. */
  give(worker: number, job: JobRequest, body: Uint8Array): void;
  close(): Promise<void>;
}
