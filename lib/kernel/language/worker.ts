import { parentPort, workerData } from "node:worker_threads";
import type { LanguageMethods, Method, Request, Response } from "../protocol/language.ts";
import { complete } from "./complete.ts";
import { inspect } from "./inspect.ts";
import { isComplete } from "./is-complete.ts";
import { Notebook } from "./notebook.ts";

/** The thread that knows TypeScript. Whatever goes wrong in a request is that request's failure, never the thread's. */
const { folder, root } = workerData as { folder: string; root: string };
const notebook = new Notebook(folder, root);

type Handlers = { [M in Method]: (argument: LanguageMethods[M][0]) => LanguageMethods[M][1] };
const handlers: Handlers = {
  prepare: (argument) => notebook.prepare(argument),
  check: (argument) => notebook.check(argument),
  expression: (argument) => notebook.expression(argument),
  complete: ({ code, cursor }) => complete(notebook, code, cursor),
  inspect: ({ code, cursor }) => inspect(notebook, code, cursor),
  isComplete: ({ code }) => isComplete(code),
  reset: () => notebook.reset(),
};

function answer({ id, method, argument }: Request): Response {
  try {
    return { id, result: (handlers[method] as (argument: unknown) => unknown)(argument) };
  } catch (error) {
    return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const REST_AFTER_MS = 200;
let rest: NodeJS.Timeout | undefined;
parentPort?.on("message", (request: Request) => {
  clearTimeout(rest);
  parentPort?.postMessage(answer(request));
  if (notebook.wantsRest) rest = setTimeout(() => notebook.rest(), REST_AFTER_MS);
});
notebook.warmUp();
