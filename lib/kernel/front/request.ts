import type { Json, Message } from "../wire/message.ts";

/** An execute_request with the defaults of the messaging specification filled in. */
export interface ExecuteRequest {
  message: Message;
  code: string;
  silent: boolean;
  storeHistory: boolean;
  userExpressions: Record<string, string>;
  allowStdin: boolean;
  stopOnError: boolean;
}

export function readExecuteRequest(message: Message): ExecuteRequest {
  const { content } = message;
  const silent = content.silent === true;
  return {
    message,
    code: typeof content.code === "string" ? content.code : "",
    silent,
    storeHistory: !silent && content.store_history !== false,
    userExpressions: strings(content.user_expressions),
    allowStdin: content.allow_stdin !== false,
    stopOnError: content.stop_on_error !== false,
  };
}

function strings(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

export function objectOr(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
