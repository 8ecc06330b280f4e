/** What `engine.test.ts` has done by workers: one task that behaves as its input says. */
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Task } from "../../../lib/runtime/engine/engine.ts";
import { UserError } from "../../../lib/util/errors.ts";

export interface Asked {
  readonly value: Float32Array;
  /** "once": dies where this file is not there yet, and writes it before. */
  readonly end?: "fail" | "refuse" | "die" | "report" | "print" | { readonly once: string } | { readonly wait: number };
}

export interface Answered {
  readonly doubled: Float32Array;
  readonly pid: number;
  readonly weights?: number;
  /** How often this worker has made what it keeps. */
  readonly made: number;
}

let made = 0;

const task: Task<Asked, Answered> = async ({ value, end }, context) => {
  if (end === "fail") throw new Error("no such clip");
  if (end === "refuse") throw new UserError("the clip is bad", "give another");
  if (end === "die") process.kill(process.pid, "SIGKILL");
  if (end === "report") for (const part of [1, 2, 3]) await context.report({ part });
  if (end === "print") console.log("this is no answer");
  if (typeof end === "object" && "wait" in end) await delay(end.wait);
  if (typeof end === "object" && "once" in end && !existsSync(end.once)) {
    writeFileSync(end.once, "");
    process.kill(process.pid, "SIGKILL");
  }
  const doubled = value.map((x) => 2 * x);
  if (value.length < 2) return { doubled, pid: process.pid, made };
  const weights = await context.keep(context.hashOf("weights"), () => {
    made++;
    return context.stored("weights").reduce((a, b) => a + b, 0);
  });
  return { doubled, pid: process.pid, weights, made };
};
export default task;
