import type { Completion } from "../protocol/language.ts";

/** Adds the properties of a value to what its type offers. */
export function withMembers(typed: Completion, code: string, members: string[]): Completion {
  const begun = code.slice(typed.start, typed.end).toLowerCase();
  const { start, end } = typed;
  const known = new Set(typed.matches);
  const fits = (name: string) => typed.isKey || IDENTIFIER.test(name);
  const fresh = members.filter((name) => name.toLowerCase().startsWith(begun) && !known.has(name) && fits(name));
  const types = fresh.map((text) => ({ text, type: "property", start, end }));
  return { ...typed, matches: [...fresh, ...typed.matches], types: [...types, ...typed.types] };
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
