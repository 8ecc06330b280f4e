/** Which processes live: a number alone does not tell, since numbers are given out again. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process that can be recognised: its number, and when it began (in the system's own words). */
export interface ProcessName {
  readonly pid: number;
  /** Empty where the system does not say. */
  readonly started: string;
}

/** Is there a process of this number, whoever owns it? */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // A process of somebody else is alive too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The name of a running process. */
export const processName = (pid = process.pid): ProcessName => ({ pid, started: startOf(pid) });

/** Is that very process still there, and not another that was given its number? */
export const isSameAlive = ({ pid, started }: ProcessName): boolean =>
  isAlive(pid) && (started === "" || startOf(pid) === "" || startOf(pid) === started);

/** The parent of a process; 0 where the system does not say. */
export const parentOf = (pid: number): number => Number(statOf(pid)?.[PARENT] ?? 0);

/** Is it a shell? False where the system does not say. */
export const isShell = (pid: number): boolean => /^(ba|da|z|k|fi|a)?sh$/.test(nameOf(pid));

const STATE = 0;
const PARENT = 1;
/** Field 22 of /proc/<pid>/stat, counted from the state, which is the third. */
const START = 19;

/** Undefined where there is no such process, or no such file system. */
function procFile(pid: number, name: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Fields of /proc/<pid>/stat from the state on; the name before it may hold spaces and brackets. */
function statOf(pid: number): string[] | undefined {
  const text = procFile(pid, "stat");
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

const nameOf = (pid: number): string => procFile(pid, "comm")?.trim() ?? "";

/** A process that has ended and that its parent has not asked about. */
const isZombie = (pid: number): boolean => statOf(pid)?.[STATE] === "Z";

/** Ticks are counted from the machine's start, so that its number belongs to them. */
function startOf(pid: number): string {
  if (process.platform === "linux") {
    const ticks = statOf(pid)?.[START];
    return ticks ? `${bootOf()} ${ticks}` : "";
  }
  if (process.platform === "win32") return "";
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

let boot: string | undefined;
function bootOf(): string {
  try {
    boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    boot = "";
  }
  return boot;
}
