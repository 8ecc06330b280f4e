import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

interface Process {
  pid: number;
  parent: number;
  /** Hundredths of a second since this process started; negative before. */
  started: number;
}

/** `ps` counts whole seconds. */
const SECOND = 100;

/**
 * The processes that this one has started since, and theirs.
 * @param since in hundredths of a second after this process started
 */
export function descendantsSince(since: number): number[] {
  const all = existsSync("/proc/self/stat") ? fromProc() : fromPs();
  const below = (parent: number): Process[] =>
    all.filter((child) => child.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  const fresh = all.filter(({ parent, started }) => parent === process.pid && started >= since - SECOND);
  return fresh.flatMap((child) => [child, ...below(child.pid)]).map(({ pid }) => pid);
}

/** Linux: parent and start are the 4th and 22nd field, after a name that may contain anything. */
function fromProc(): Process[] {
  const read = (pid: number | "self"): Process => {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { pid: Number.parseInt(text, 10), parent: Number(fields[1]), started: Number(fields[19]) };
  };
  const own = read("self").started;
  const pids = readdirSync("/proc").map(Number).filter(Boolean);
  return pids.flatMap((pid) => {
    try {
      const found = read(pid);
      return [{ ...found, started: found.started - own }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** `etime` is [[days-]hours:]minutes:seconds. */
function fromPs(): Process[] {
  const now = process.uptime() * 100;
  const text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,etime="], { encoding: "utf8" });
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, parent, age] = line.trim().split(/\s+/);
      const [seconds, minutes = 0, hours = 0, days = 0] = age.split(/[-:]/).reverse().map(Number);
      const started = now - (seconds + 60 * (minutes + 60 * (hours + 24 * days))) * 100;
      return { pid: Number(pid), parent: Number(parent), started };
    });
}
