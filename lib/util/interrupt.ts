/** Requests to end, heard between two pieces of work: Ctrl-C, SIGTERM, a closed terminal, a parent that is gone. */
import { constants } from "node:os";
import { isSameAlive, isShell, type ProcessName, parentOf, processName } from "./alive.ts";
import { UserError } from "./errors.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof SIGNALS)[number];

/** Work that was ended from outside, in good order. */
export class Interrupted extends UserError {
  override name = "Interrupted";
  /** What a shell expects of a program that a signal ended. */
  readonly exitCode: number;

  constructor(cause: EndRequest, problem: string, mend: string) {
    super(`${cause.why}: ${problem}`, mend);
    this.exitCode = 128 + constants.signals[cause.signal];
  }
}

/** Why the work is to end. */
export interface EndRequest {
  readonly signal: Signal;
  readonly why: string;
}

/**
 * Listens for requests to end, instead of ending at once.
 * @returns `heard`, to be asked between two pieces of work, after the event loop has had a turn; `stop` ends the listening
 */
export function listenForEnd(): { heard: () => EndRequest | undefined; stop: () => void } {
  let request: EndRequest | undefined;
  const listeners = SIGNALS.map((signal) => [signal, () => hear(signal, signal)] as const);
  const hear = (signal: Signal, why: string): void => {
    request ??= { signal, why };
  };
  const parents = chainOfParents();
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return {
    heard: () => {
      if (!parents.every(isSameAlive)) hear("SIGHUP", "the process that started this one is gone");
      return request;
    },
    stop: () => {
      for (const [signal, listener] of listeners) process.removeListener(signal, listener);
    },
  };
}

/** npm, and the shell between. */
const GENERATIONS = 2;

/**
 * The processes that this one is a part of, so that it is not to outlive them: npm and its shell for a script of npm, the
 * parent for a child that talks to it. A program that was started by itself may outlive its terminal.
 */
function chainOfParents(): ProcessName[] {
  if (process.send) return [processName(process.ppid)];
  if (!process.env.npm_lifecycle_event) return [];
  const chain = [process.ppid];
  while (chain.length < GENERATIONS && isShell(chain[chain.length - 1])) chain.push(parentOf(chain[chain.length - 1]));
  return chain.filter((pid) => pid > 1).map((pid) => processName(pid));
}
