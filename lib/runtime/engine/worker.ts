/**
 * A worker's process: takes jobs from its standard input and answers on the file descriptor that it is told. Local and Ray
 * workers are this program, so that they come to the same bits.
 */

import { Socket } from "node:net";
import { cpus } from "node:os";
import { pathToFileURL } from "node:url";
import { UserError } from "../../util/errors.ts";
import { fromRoot } from "../../util/root.ts";
import { codeHash } from "./code-hash.ts";
import type { Task, TaskContext } from "./engine.ts";
import { JobCache } from "./job-cache.ts";
import { pack, receive, send, unpack, type WorkerAnswer, type WorkerRequest } from "./messages.ts";

type JobRequest = Extract<WorkerRequest, { kind: "job" }>;

// What tasks print is no answer.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

const answers = new Socket({ fd: Number(process.argv[2]), readable: false, writable: true });
// Nobody listens any more: the engine, or the whole of it, is gone.
answers.on("error", () => process.exit(1));
const answer = (header: WorkerAnswer, body?: Uint8Array): Promise<void> => send(answers, header, body);

const kept = new JobCache();
const store = new Map<string, Uint8Array>();

function contextOf({ id, stored }: JobRequest): TaskContext {
  const hashOf = (name: string): string => {
    if (Object.hasOwn(stored, name)) return stored[name];
    throw new RangeError(`the job has nothing stored under "${name}"`);
  };
  return {
    hashOf,
    stored: (name) => store.get(hashOf(name)) as Uint8Array,
    keep: (key, make, release) => kept.keep(key, make, release),
    report: (value) => answer({ kind: "report", id }, pack(value)),
  };
}

async function work(request: JobRequest, body: Uint8Array): Promise<void> {
  const { id, module } = request;
  let result: Uint8Array;
  try {
    const { default: task } = (await import(pathToFileURL(fromRoot(module)).href)) as {
      default: Task<unknown, unknown>;
    };
    result = pack(await task(unpack(body), contextOf(request)));
  } catch (error) {
    const { message, stack } = error as Error;
    const said = error instanceof UserError ? { problem: error.problem, mend: error.mend } : {};
    return answer({ kind: "error", id, message, stack, ...said });
  }
  return answer({ kind: "result", id }, result);
}

await answer({ kind: "hello", node: process.version, code: codeHash(), processor: cpus()[0]?.model ?? "" });
for await (const { header, body } of receive<WorkerRequest>(process.stdin)) {
  if (header.kind === "store") store.set(header.sha256, body);
  else if (header.kind === "drop") store.delete(header.sha256);
  else await work(header, body);
}
process.exit(0);
