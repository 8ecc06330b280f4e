import type { Debugger } from "node:inspector";
import type { Position } from "../transform/compose.ts";
import type { Script, Scripts } from "./scripts.ts";

/** A frame of the paused stack that somebody wrote; `at` is undefined in code that the kernel put in. */
export interface UserFrame {
  call: Debugger.CallFrame;
  script: Script;
  at: Position | undefined;
  /** Number of V8's frames below it. */
  depth: number;
}

/** The frames of cells, project files and packages, without Node's and the kernel's. */
export async function userFrames(calls: Debugger.CallFrame[], scripts: Scripts): Promise<UserFrame[]> {
  const found = calls.map(async (call, i) => {
    const script = scripts.get(call.location.scriptId);
    if (!script) return [];
    const at = (await script.text()).written(call.location);
    return [{ call, script, at, depth: calls.length - i }];
  });
  return (await Promise.all(found)).flat();
}

/** What a person calls the function of a frame. */
export function frameName({ call, script }: UserFrame): string {
  return call.functionName || (call.scopeChain.some(({ type }) => type === "local") ? "(anonymous)" : script.name);
}
