/** A command of the project: its options are a schema's entries, dotted where they are nested. */
import { Command, CommanderError, Option } from "commander";
import type { z } from "zod";
import { advise, type Field, fieldsOf, nested, parseConfig, type Schema } from "../util/config.ts";
import { fromSystem, UserError } from "../util/errors.ts";
import { Interrupted } from "../util/interrupt.ts";

export interface CommandSpec<S extends Schema> {
  /** The npm script. */
  name: string;
  about: string;
  options: S;
  /** The program that takes arguments which are not ours; without one they are refused. */
  passesTo?: string;
}

const PLACEHOLDERS = { number: "number", boolean: "true|false", text: "text", numbers: "numbers", texts: "texts" };

const spelt = (name: string): string => `--${name}`;

const shown = (preset: unknown): string => (Array.isArray(preset) ? preset.join(",") : String(preset));

function describe({ about, range, preset }: Field): string {
  const facts = `${range}${preset === undefined ? "" : `; default ${shown(preset)}`}`;
  return about ? `${about} (${facts})` : facts;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Text as a number; what is none stays as it is, and is refused with its range. */
const toNumber = (text: string): number | string => (DECIMAL.test(text.trim()) ? Number(text) : text);

const listed = (text: string): string[] => (text === "" ? [] : text.split(",").map((part) => part.trim()));

/** What stands on the command line as a value of the entry's kind. */
function readValue(kind: Field["kind"], given: string | true): unknown {
  if (kind === "boolean") return given === true || given === "true" || (given === "false" ? false : given);
  const text = String(given);
  if (kind === "number") return toNumber(text);
  if (kind === "numbers") return listed(text).map(toNumber);
  return kind === "texts" ? listed(text) : text;
}

function optionOf(field: Field): Option {
  const { name, kind } = field;
  const place = PLACEHOLDERS[kind];
  const option = new Option(`--${name} ${kind === "boolean" ? `[${place}]` : `<${place}>`}`, describe(field));
  const dot = name.lastIndexOf(".");
  if (dot > 0) option.helpGroup(`${name.slice(0, dot)}:`);
  return option.argParser<unknown>((text, before) => {
    if (before !== undefined) throw new UserError(`--${name} is given twice`, "give it once");
    if (text.startsWith("--")) throw new UserError(`--${name} has no value`, `give ${field.range}`);
    return text;
  });
}

/** `--save-every` is `--saveEvery`. */
const camel = (argument: string): string =>
  argument.replace(/^--[a-z][\w.-]*/i, (name) => `--${name.slice(2).replace(/-([a-z])/g, (_, c) => c.toUpperCase())}`);

function commanderOf({ name, about, passesTo }: CommandSpec<Schema>, fields: readonly Field[]): Command {
  const command = new Command(`npm run ${name} --`)
    .description(about)
    .usage(fields.length === 0 ? "" : "[options]")
    .helpOption("-h, --help", "Show this.")
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: () => {} })
    .allowExcessArguments();
  if (passesTo) command.allowUnknownOption().addHelpText("after", `\nOther arguments are passed on to ${passesTo}.`);
  for (const field of fields) command.addOption(optionOf(field));
  return command;
}

/** What commander found wrong, in our words. */
function explained(error: CommanderError, fields: readonly Field[], argv: readonly string[]): UserError {
  const [, what = error.message] = /'(.+?)'/.exec(error.message) ?? [];
  const name = what.replace(/^-+/, "").split(/[ =]/)[0];
  const known = fields.map((field) => field.name);
  if (error.code === "commander.unknownOption") {
    const typed = argv.find((argument) => camel(argument).split("=")[0] === what.split("=")[0]) ?? what;
    return new UserError(`there is no ${typed.split("=")[0]}`, advise(name, known, spelt));
  }
  const field = fields.find((candidate) => candidate.name === name);
  return new UserError(`--${name} has no value`, `give ${field?.range ?? "one"}`);
}

export interface ReadOptions<S extends Schema> {
  options: z.output<S>;
  /** What is passed on. */
  rest: string[];
}

/**
 * The options that arguments give.
 * @returns undefined where help was asked for and shown
 * @throws UserError at an unknown option or argument, and at a value out of its range
 */
export function readArguments<S extends Schema>(
  spec: CommandSpec<S>,
  argv: readonly string[],
): ReadOptions<S> | undefined {
  const fields = fieldsOf(spec.options);
  const command = commanderOf(spec, fields);
  try {
    command.parse(spec.passesTo ? argv : argv.map(camel), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return undefined;
    throw explained(error, fields, argv);
  }
  const { args } = command;
  if (args.length > 0 && !spec.passesTo)
    throw new UserError(`"${args[0]}" belongs to no option`, "write options as --name value; --help lists them");
  const kinds = new Map(fields.map(({ name, kind }) => [name, kind]));
  const given = Object.entries(command.opts<Record<string, string | true>>());
  const values = given.map(([name, value]) => [name, readValue(kinds.get(name) ?? "text", value)] as const);
  return { options: parseConfig(spec.options, nested(Object.fromEntries(values)), spelt), rest: args };
}

/** Runs a command; a UserError is shown as its message alone, anything else with its stack. */
export async function runCommand<S extends Schema>(
  spec: CommandSpec<S>,
  main: (options: z.output<S>, rest: string[]) => Promise<void> | void,
): Promise<void> {
  try {
    const read = readArguments(spec, process.argv.slice(2));
    if (read) await main(read.options, read.rest);
  } catch (thrown) {
    const error = fromSystem(thrown);
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
  }
}
