/** Configs that a schema describes: checked at once, wrong values and unknown names told in one clear line. */
import { closestMatch } from "leven";
import { z } from "zod";
import { UserError } from "./errors.ts";
import { differences, type Tree, withPath } from "./tree.ts";

export type Schema = z.ZodObject;

/** One entry of a config, by its dotted name. */
export interface Field {
  name: string;
  about: string;
  /** What it may be, in words: `a whole number, 1 or more`. */
  range: string;
  kind: "number" | "boolean" | "text" | "numbers" | "texts";
  /** undefined: there is none. */
  preset: unknown;
}

interface Described {
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, Described>;
  items?: Described;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  minItems?: number;
}

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Described): string {
  const low = minimum === -Number.MAX_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  const parts = [
    ...(low !== undefined ? [`${low} or more`] : []),
    ...(exclusiveMinimum !== undefined ? [`above ${exclusiveMinimum}`] : []),
    ...(high !== undefined ? [`${high} at most`] : []),
    ...(exclusiveMaximum !== undefined ? [`below ${exclusiveMaximum}`] : []),
  ];
  return parts.length === 0 ? "" : `, ${parts.join(" and ")}`;
}

function rangeOf(described: Described): string {
  if (described.enum) return `one of ${described.enum.join(", ")}`;
  if (described.type === "integer") {
    const { multipleOf = 1 } = described;
    return `a whole number${boundsOf(described)}${multipleOf > 1 ? `, a multiple of ${multipleOf}` : ""}`;
  }
  if (described.type === "number") return `a number${boundsOf(described)}`;
  if (described.type === "boolean") return "true or false";
  if (described.type === "array") {
    const { items = {}, minItems = 0 } = described;
    return `a list of ${minItems} or more, separated by commas, each ${rangeOf(items)}`;
  }
  return described.minLength ? "a text that is not empty" : "a text";
}

const isNumber = ({ type }: Described): boolean => type === "integer" || type === "number";

function kindOf(described: Described): Field["kind"] {
  if (described.type === "array") return isNumber(described.items ?? {}) ? "numbers" : "texts";
  if (described.type === "boolean") return "boolean";
  return isNumber(described) ? "number" : "text";
}

/** Every entry, in the schema's order. */
export function fieldsOf(schema: Schema): Field[] {
  const walk = (described: Described, path: string[]): Field[] => {
    if (described.properties) {
      return Object.entries(described.properties).flatMap(([key, part]) => walk(part, [...path, key]));
    }
    const { description = "", default: preset } = described;
    return [{ name: path.join("."), about: description, range: rangeOf(described), kind: kindOf(described), preset }];
  };
  return walk(z.toJSONSchema(schema, { io: "input" }) as Described, []);
}

/** The name that was meant, where one is near: of the same last part, or with few letters changed. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const last = (dotted: string): string => dotted.slice(dotted.lastIndexOf(".") + 1);
  const same = known.find((other) => last(other).toLowerCase() === last(name).toLowerCase());
  if (same) return same;
  const maxDistance = Math.max(1, Math.floor(name.length / 3));
  const whole = closestMatch(name, known, { maxDistance });
  if (whole) return whole;
  const part = closestMatch(last(name), known.map(last), {
    maxDistance: Math.max(1, Math.floor(last(name).length / 3)),
  });
  return part === undefined ? undefined : known.find((other) => last(other) === part);
}

/** What to do about a name that there is not. */
export function advise(name: string, known: readonly string[], spelt: (name: string) => string): string {
  const meant = nearest(name, known);
  if (meant) return `did you mean ${spelt(meant)}?`;
  return known.length === 0 ? "leave it out: there are none" : `choose one of ${known.map(spelt).join(", ")}`;
}

function explain(schema: Schema, value: unknown, issue: z.core.$ZodIssue, spelt: (name: string) => string): UserError {
  const fields = fieldsOf(schema);
  const names = fields.map(({ name }) => name);
  if (issue.code === "unrecognized_keys") {
    const name = [...issue.path, issue.keys[0]].join(".");
    return new UserError(`there is no ${spelt(name)}`, advise(name, names, spelt));
  }
  const path = issue.path.map(String);
  const field = fields.find(({ name }) => name === path.join(".") || path.join(".").startsWith(`${name}.`));
  const name = field?.name ?? path.join(".");
  const found = name.split(".").reduce<unknown>((at, key) => (at as Tree | undefined)?.[key], value);
  if (found === undefined) return new UserError(`${spelt(name)} is missing`, `give ${field?.range ?? issue.message}`);
  const shown = typeof found === "number" ? String(found) : JSON.stringify(found);
  return new UserError(`${spelt(name)} is ${shown}`, `give ${field?.range ?? "its parts by name"}`);
}

/**
 * The config with everything in its place: what is not given is the schema's default.
 * @param spelt how an entry is written where the value comes from, for example `--steps`
 * @throws UserError at the first thing that is unknown or out of its range
 */
export function parseConfig<S extends Schema>(
  schema: S,
  value: unknown,
  spelt: (name: string) => string = (name) => name,
): z.output<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw explain(schema, value, read.error.issues[0], spelt);
}

/** A value for each dotted name -> the nested config. */
export const nested = (values: Readonly<Record<string, unknown>>): Tree =>
  Object.entries(values).reduce<Tree>((tree, [name, value]) => withPath(tree, name.split("."), value), {});

/**
 * How an earlier config differs from the one that is asked for, `steps is 10 instead of 20` for every entry. What the
 * earlier one does not know, since there was no such entry yet, counts as its default.
 */
export const unlike = (earlier: Tree, asked: Tree, presets: Tree = {}): string[] =>
  differences(earlier, asked, presets).map(
    ({ path, before, now }) => `${path.join(".")} is ${JSON.stringify(before)} instead of ${JSON.stringify(now)}`,
  );
