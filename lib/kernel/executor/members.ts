import { types } from "node:util";
import type { PathPart } from "../protocol/executor.ts";

/** Follows properties that hold values; one that would run code, a getter or a proxy, ends the way. */
export function follow(value: unknown, path: PathPart[]): unknown {
  let at = value;
  for (const part of path) at = propertyOf(at, part);
  return at;
}

function propertyOf(value: unknown, name: PathPart): unknown {
  for (let at = objectOf(value); at; at = parentOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, name);
    if (property) return "value" in property ? property.value : undefined;
  }
  return undefined;
}

/** Names of all properties, the object's own first, without those that every object has. */
export function memberNames(value: unknown): string[] {
  const names = new Set<string>();
  for (let at = objectOf(value); at && at !== Object.prototype; at = parentOf(at)) {
    if (!isLong(at)) for (const name of Object.getOwnPropertyNames(at)) names.add(name);
    if (names.size > MANY) break;
  }
  names.delete("constructor");
  return [...names].slice(0, MANY);
}

const MANY = 1000;

/** Their elements would have to be listed, which takes long and helps nobody. */
function isLong(object: object): boolean {
  const isList = Array.isArray(object) || types.isTypedArray(object) || types.isStringObject(object);
  return isList && (object as ArrayLike<unknown>).length > MANY;
}

function objectOf(value: unknown): object | undefined {
  if (value === null || value === undefined) return undefined;
  const object: object = Object(value);
  return types.isProxy(object) ? undefined : object;
}

function parentOf(object: object): object | undefined {
  const parent: object | null = Object.getPrototypeOf(object);
  return parent && !types.isProxy(parent) ? parent : undefined;
}
