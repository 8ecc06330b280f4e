/** Command-line options from a record of defaults: every key is an option of its default's type. */
import { parseArgs } from "node:util";
import { UserError } from "../util/errors.ts";

type Value = string | number | boolean;
type Widened<T> = { [K in keyof T]: T[K] extends number ? number : T[K] extends boolean ? boolean : string };

/**
 * @param defaults option names and their defaults, for example `{ steps: 100, out: "runs/x" }`
 * @throws UserError on an unknown option or a value of another type, listing what there is
 */
export function parseOptions<T extends Record<string, Value>>(defaults: T, argv = process.argv.slice(2)): Widened<T> {
  const known = Object.entries(defaults).map(([name, value]) => `--${name} (${value})`);
  const mend = `options and defaults: ${known.join(", ")}`;
  const given = readArguments(defaults, argv, mend);
  const read = ([name, fallback]: [string, Value]): [string, Value] => {
    const text = given[name];
    if (text === undefined) return [name, fallback];
    return [name, typeof fallback === "number" ? toNumber(name, String(text), mend) : text];
  };
  return Object.fromEntries(Object.entries(defaults).map(read)) as Widened<T>;
}

function readArguments(
  defaults: Record<string, Value>,
  args: string[],
  mend: string,
): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { type: typeof value === "boolean" ? "boolean" : "string" } as const,
    ]),
  );
  try {
    return parseArgs({ args, options }).values as Record<string, string | boolean | undefined>;
  } catch (error) {
    throw new UserError((error as Error).message, mend, { cause: error });
  }
}

function toNumber(name: string, text: string, mend: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new UserError(`--${name} ${text} is not a number`, mend);
  return value;
}

/** Runs a command; a UserError is shown as its message alone, anything else with its stack. */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });
}
