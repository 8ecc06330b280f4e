import { type InspectOptions, inspect } from "node:util";

/** Lets a namespace be shown as Node shows one, with the values to which its getters lead. */
export function showValues(namespace: object, descriptorOf: (key: string) => PropertyDescriptor | undefined): void {
  const value = (depth: number | null, options: InspectOptions): string => {
    if (depth !== null && depth < 0) return "[Module]";
    const members = Object.keys(namespace).map((key) => [key, { ...descriptorOf(key), enumerable: true }] as const);
    const shown = Object.defineProperties({}, Object.fromEntries(members));
    return `[Module: null prototype] ${inspect(shown, { ...options, depth })}`;
  };
  Object.defineProperty(namespace, inspect.custom, { value });
}
