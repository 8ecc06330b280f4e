/** Key on globalThis under which the debugger finds its end in the executor. */
export const DEBUGGEE = "typebook.debuggee";
