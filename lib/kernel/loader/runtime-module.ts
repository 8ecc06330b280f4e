/** Key on globalThis under which the executor leaves its interrupt functions for library files. */
export const RUNTIME_KEY = "typebook.runtime";

/** A worker thread started by user code has no executor; there, nothing can be interrupted and all passes through. */
export const RUNTIME_SOURCE = `
const runtime = globalThis[Symbol.for("${RUNTIME_KEY}")] ?? {
  flag: new Int32Array(1), stop() {}, guard: (value) => value, each: (values) => values, rethrow() {},
};
export const __wcFlag = runtime.flag;
export const __wcStop = runtime.stop;
export const __wcGuard = runtime.guard;
export const __wcEach = runtime.each;
export const __wcRethrow = runtime.rethrow;
`;
