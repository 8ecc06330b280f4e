import type { LanguageMethods, Method, Request, Response } from "../protocol/language.ts";
import { complete } from "./complete.ts";
import { guards } from "./guards.ts";
import { inspect } from "./inspect.ts";
import { isComplete } from "./is-complete.ts";
import type { Notebook } from "./notebook.ts";

type Handlers = { [M in Method]: (notebook: Notebook, argument: LanguageMethods[M][0]) => LanguageMethods[M][1] };

const HANDLERS: Handlers = {
  prepare: (notebook, argument) => notebook.prepare(argument),
  check: (notebook, argument) => notebook.check(argument),
  expression: (notebook, argument) => notebook.expression(argument),
  guards: (_notebook, { js }) => guards(js),
  complete: (notebook, { code, cursor }) => complete(notebook, code, cursor),
  inspect: (notebook, { code, cursor }) => inspect(notebook, code, cursor),
  typesAmong: (notebook, argument) => notebook.typesAmong(argument),
  isComplete: (_notebook, { code }) => isComplete(code),
  forget: (notebook, { cell }) => notebook.forget(cell),
  reset: (notebook) => notebook.reset(),
};

/** Whatever goes wrong in a request is that request's failure, never the process's. */
export function answer(notebook: Notebook, { id, method, argument }: Request): Response {
  try {
    const handler = HANDLERS[method] as (notebook: Notebook, argument: unknown) => unknown;
    return { id, result: handler(notebook, argument) };
  } catch (error) {
    return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
