import { readFileSync } from "node:fs";
import type { KernelClient } from "./client.ts";

/** The processes that the kernel's front process has started; one that is only its copy yet does not count. */
export function childrenOf(kernel: KernelClient): number[] {
  const pid = Number(kernel.process.pid);
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  const children = listed === "" ? [] : listed.split(" ").map(Number);
  return children.filter((child) => commandOf(child) !== commandOf(pid));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

export async function executorOf(kernel: KernelClient): Promise<number> {
  return Number((await kernel.execute("process.pid")).result);
}
