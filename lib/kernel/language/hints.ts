import type { Problem } from "../transform/parse.ts";

/** What usually helps, by TypeScript's error number, for the mistakes newcomers make. */
const HINTS: Record<number, string> = {
  2304: "has the cell that declares this name been run since the kernel started?",
  2305: "the name may be spelt otherwise, or be a type: then write `import type { … }`.",
  2307: "relative imports start from the notebook's folder; packages must be installed in its project.",
  2339: "if this value is a promise, an `await` is missing before the call that made it.",
  2588: "declare it with `let` where it is to be changed.",
};

/** What an earlier cell made sure of a variable counts, but anything may have changed a member since. */
const MEMBER = "what an earlier cell checked of a member ends with that cell: check it here, or write `!`.";

export function hintForCode({ code, message }: Problem): string | undefined {
  if (code === 2339 && !message.includes("Promise<")) return undefined;
  if (code === 2304 && message.includes("'print'")) return "use `console.log(…)`.";
  if (code === 18047 || code === 18048) return /'[^']+\./.test(message) ? MEMBER : undefined;
  return HINTS[code];
}
