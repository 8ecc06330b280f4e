/**
 * Locks between processes of this machine: of a file or folder while it is changed, and of a folder for as long as a program
 * works in it. The lock of a process that was killed meanwhile is found out and removed.
 */
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive, isSameAlive, processName } from "./alive.ts";
import { onFile, UserError } from "./errors.ts";

/** Milliseconds between attempts. */
const PAUSE = 20;
const PATIENCE = 30_000;

export interface LockOptions {
  /** Milliseconds to wait for a lock that a living process holds. */
  patience?: number;
}

/**
 * Does `work` while no other process that asks for the lock of `path` does its own. Not to be nested.
 * @throws UserError where the lock is not to be had
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { patience = PATIENCE }: LockOptions = {},
): Promise<T> {
  const [lock, owner, end] = [`${path}.lock`, ownerText(), Date.now() + patience];
  onFile(path, () => mkdirSync(dirname(path), { recursive: true }));
  while (!claim(lock, owner)) {
    removeIfStale(lock);
    if (Date.now() > end) throw new UserError(`${lock} is held by another process`, "wait for it, or remove this file");
    await delay(PAUSE);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Stands in a folder that a program works in. */
export const OWNER = "owner.lock";

/**
 * Makes this process the only one that works in a folder, until the returned function is called.
 * @param what to call the folder's work in an error message, for example "a training"
 * @throws UserError naming the process that works there
 */
export function ownFolder(dir: string, what: string): () => void {
  const lock = join(dir, OWNER);
  const owner = ownerText();
  onFile(dir, () => mkdirSync(dir, { recursive: true }));
  // Anew after the lock of a dead process was removed, and the mark of one that was to remove it.
  for (let attempts = 3; !claim(lock, owner); attempts--) {
    if (attempts === 0) throw inUse(dir, what, lock);
    removeIfStale(lock);
  }
  return () => {
    if (contentOf(lock) === owner) rmSync(lock, { force: true });
  };
}

function inUse(dir: string, what: string, lock: string): UserError {
  const { pid, host, since } = ownerOf(contentOf(lock) ?? "");
  const who = `process ${pid}${host && host !== hostname() ? ` of ${host}` : ""}${since ? `, since ${since}` : ""}`;
  const mend = host === hostname() ? `stop it with \`kill ${pid}\`` : `remove ${lock} if it is gone`;
  return new UserError(
    `${dir} is in use: ${what} runs there (${who})`,
    `wait for it, choose another folder, or ${mend}`,
  );
}

/** Number, unique mark, start, machine and time, one a line. */
const ownerText = (): string =>
  [process.pid, randomUUID(), processName().started, hostname(), new Date().toISOString()].join("\n");

/** A lock of an earlier version has the number and the mark alone, with a space between. */
function ownerOf(content: string) {
  const [pid, mark = "", started = "", host = hostname(), since = ""] = content.split(
    content.includes("\n") ? "\n" : " ",
  );
  return { pid: Number(pid), mark: mark.replace(/[^\w-]/g, ""), started, host, since };
}

/** Of another machine, which may share the folder, nothing is known. */
function isHeld(content: string): boolean {
  const { pid, started, host } = ownerOf(content);
  return host !== hostname() || (started ? isSameAlive({ pid, started }) : isAlive(pid));
}

/** Makes a file with this content unless there is one; nobody sees it without its content. */
function claim(path: string, content: string): boolean {
  const own = `${path}.${ownerOf(content).mark}.${process.pid}.tmp`;
  return onFile(path, () => {
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
  });
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
function removeIfStale(lock: string): void {
  const content = contentOf(lock);
  if (content === undefined || isHeld(content)) return;
  const mark = `${lock}.${ownerOf(content).mark}.stale`;
  if (!claim(mark, ownerText())) {
    // Whoever was to remove the lock may have been killed as well.
    const remover = contentOf(mark);
    if (remover !== undefined && !isHeld(remover)) rmSync(mark, { force: true });
    return;
  }
  if (contentOf(lock) === content) rmSync(lock);
  rmSync(mark, { force: true });
}
