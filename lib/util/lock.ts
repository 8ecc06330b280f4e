/**
 * One process at a time may change what several processes of this machine read, change and write. The lock of a process
 * that was killed meanwhile is found out and removed.
 */
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "./alive.ts";
import { UserError } from "./errors.ts";

/** Milliseconds between attempts. */
const PAUSE = 20;
const PATIENCE = 30_000;

export interface LockOptions {
  /** Milliseconds to wait for a lock that a living process holds. */
  patience?: number;
}

/**
 * Does `work`, of milliseconds, while no other process that asks for the lock of `path` does its own. Not to be nested.
 * @throws UserError where the lock is not to be had
 */
export function withLock<T>(path: string, work: () => T, { patience = PATIENCE }: LockOptions = {}): T {
  const attempt = attempts(path, patience);
  while (!attempt()) sleep(PAUSE);
  try {
    return work();
  } finally {
    rmSync(lockOf(path), { force: true });
  }
}

/** The same for work that takes longer and leaves this process free meanwhile. */
export async function withLockAsync<T>(
  path: string,
  work: () => Promise<T>,
  { patience = PATIENCE }: LockOptions = {},
): Promise<T> {
  const attempt = attempts(path, patience);
  while (!attempt()) await delay(PAUSE);
  try {
    return await work();
  } finally {
    rmSync(lockOf(path), { force: true });
  }
}

const lockOf = (path: string): string => `${path}.lock`;

/** What tries once to take the lock, and answers whether it has it. */
function attempts(path: string, patience: number): () => boolean {
  const lock = lockOf(path);
  const token = `${process.pid} ${randomUUID()}`;
  const end = Date.now() + patience;
  mkdirSync(dirname(path), { recursive: true });
  return () => {
    if (claim(lock, token)) return true;
    removeIfStale(lock, token);
    if (Date.now() > end) throw new UserError(`${lock} is held by another process`, "wait for it, or remove this file");
    return false;
  };
}

const sleep = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

/** Makes a file with this content unless there is one; nobody sees it without its content. */
function claim(path: string, content: string): boolean {
  const own = `${path}.${content.split(" ")[1]}`;
  writeFileSync(own, content);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Undefined where the file is gone meanwhile. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Removes the lock of a dead process. Only who holds the mark that is named after that very lock may, and looks once more: or
 * else two could remove one after the other, the second the first one's new lock.
 */
function removeIfStale(lock: string, token: string): void {
  const content = contentOf(lock);
  if (content === undefined || isAlive(Number(content.split(" ")[0]))) return;
  const mark = `${lock}.${content.split(" ")[1]}.stale`;
  if (!claim(mark, token)) return;
  if (contentOf(lock) === content) rmSync(lock);
  rmSync(mark);
}
