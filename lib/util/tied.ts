/** What must not outlive this process: children that compute on, and folders that only they need. */
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const tied = new Set<() => void>();

/** Ends what is tied, then this process, as the signal would have ended it. */
const onSignal = (signal: (typeof SIGNALS)[number]): void => {
  endAll();
  process.exit(128 + constants.signals[signal]);
};

function endAll(): void {
  for (const end of tied) end();
  tied.clear();
}

/**
 * Has `end` called where this process is asked to end, or ends, before the returned function was called.
 * @param end must not wait
 */
export function tie(end: () => void): () => void {
  if (tied.size === 0) {
    for (const signal of SIGNALS) process.on(signal, onSignal);
    process.on("exit", endAll);
  }
  tied.add(end);
  return () => {
    tied.delete(end);
    if (tied.size > 0) return;
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    process.removeListener("exit", endAll);
  };
}

/** Ends a child, and where it leads a process group that group, with this process. */
export function tieChild(child: ChildProcess, { group = false } = {}): void {
  const untie = tie(() => killChild(child, group));
  child.on("exit", untie).on("error", untie);
}

/** At once. */
export function killChild({ pid, exitCode, signalCode }: ChildProcess, group: boolean): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(group && process.platform !== "win32" ? -pid : pid, "SIGKILL");
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
