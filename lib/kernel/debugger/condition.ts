import type { DebugProtocol } from "@vscode/debugprotocol";

/** TypeScript -> JavaScript. @throws Error with the compiler's words */
export type CompileExpression = (code: string) => Promise<string>;

const HIT = /^\s*(>=|>|<=|<|==|=|%)?\s*(\d+)\s*$/;

/**
 * The condition that V8 evaluates at a breakpoint, from the three kinds of the debug adapter protocol: an expression,
 * a number of hits, and a message to log instead of stopping. @throws Error for one that cannot be compiled
 */
export async function v8Condition(
  { condition, hitCondition, logMessage }: DebugProtocol.SourceBreakpoint,
  id: number,
  compile: CompileExpression,
): Promise<string | undefined> {
  const tests: string[] = [];
  if (condition?.trim()) tests.push(await asExpression(condition, compile));
  if (hitCondition?.trim()) tests.push(hits(hitCondition, id));
  if (logMessage) tests.push(await log(logMessage, compile));
  return tests.length > 0 ? tests.join(" && ") : undefined;
}

/** An eval in the frame: what is compiled may be more than an expression. */
async function asExpression(code: string, compile: CompileExpression): Promise<string> {
  return `!!eval(${JSON.stringify(await compile(code))})`;
}

/** `5` and `>= 5` stop from the fifth hit on; `% 5` at each fifth. */
function hits(wanted: string, id: number): string {
  const match = HIT.exec(wanted);
  if (!match) throw new Error(`"${wanted}" is no number of hits; write 5, >= 5, == 5 or % 5`);
  const [, operator = ">=", count] = match;
  const counter = `((globalThis.__wcHits ??= {})[${id}] = (globalThis.__wcHits[${id}] ?? 0) + 1)`;
  if (operator === "%") return `${counter} % ${count} === 0`;
  return `${counter} ${operator === "=" || operator === "==" ? "===" : operator} ${count}`;
}

/** Text with expressions in braces. */
async function log(message: string, compile: CompileExpression): Promise<string> {
  const parts = message.split(/\{([^{}]*)\}/);
  const values = await Promise.all(
    parts.map(async (part, i) => (i % 2 === 0 ? JSON.stringify(part) : `eval(${JSON.stringify(await compile(part))})`)),
  );
  return `(globalThis.console.log([${values.join(", ")}].join("")), false)`;
}
