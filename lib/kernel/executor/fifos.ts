import { closeSync, constants, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";

/** Numbers of the system calls that open a file, and which argument is its path. */
const OPENING: Record<string, Record<string, number>> = {
  x64: { 2: 0, 257: 1 },
  arm64: { 56: 1 },
};
const LONGEST_PATH = 4096;
/** By then the other end has been opened. */
const HELD_MS = 100;

/**
 * A main thread that opens a named pipe waits until somebody opens the other end: nothing else wakes it, for Node goes
 * on with an opening that a signal interrupted. So this opens the other end for a moment. Linux only.
 */
export function releaseFromFifo(): void {
  try {
    const path = pathBeingOpened();
    if (!path || !existsSync(path) || !statSync(path).isFIFO()) return;
    const end = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    setTimeout(() => closeSync(end), HELD_MS);
  } catch (error) {
    // Where a process may not look at itself, or the pipe is not ours to open, the cell waits on.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** What the main thread is opening right now, if anything. */
function pathBeingOpened(): string | undefined {
  const file = `/proc/self/task/${process.pid}/syscall`;
  if (!existsSync(file)) return undefined;
  const [number, ...pointers] = readFileSync(file, "utf8").split(" ");
  const at = OPENING[process.arch]?.[number];
  return at === undefined ? undefined : textAt(Number(pointers[at]));
}

/** Text in this process's memory, which ends with a zero. */
function textAt(address: number): string | undefined {
  const memory = openSync("/proc/self/mem", "r");
  try {
    const bytes = Buffer.alloc(LONGEST_PATH);
    const length = bytes.subarray(0, readSync(memory, bytes, 0, LONGEST_PATH, address)).indexOf(0);
    return length < 0 ? undefined : bytes.toString("utf8", 0, length);
  } finally {
    closeSync(memory);
  }
}
