/** Nested records of plain values, as configs are. */

export type Tree = { [key: string]: unknown };

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The tree with a value at a path; parts on the way that are no records are replaced. */
export function withPath(tree: Tree, [key, ...rest]: readonly string[], value: unknown): Tree {
  const inner = tree[key];
  return { ...tree, [key]: rest.length === 0 ? value : withPath(isTree(inner) ? inner : {}, rest, value) };
}

/** A part of a config: any entries of any of its records. */
export type Part<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? Part<T[K]> : T[K];
};

/** The first with the entries of the others in their places, record by record; lists are values. */
export function merged<T extends object>(base: T, ...parts: readonly Part<T>[]): T {
  const merge = (a: Tree, b: Tree): Tree => {
    const given = Object.entries(b).filter(([, value]) => value !== undefined);
    const inner = ([key, value]: [string, unknown]): [string, unknown] => {
      const before = a[key];
      return [key, isTree(before) && isTree(value) ? merge(before, value) : value];
    };
    return { ...a, ...Object.fromEntries(given.map(inner)) };
  };
  return parts.reduce<Tree>((all, part) => merge(all, part as Tree), base as Tree) as T;
}

export interface Difference {
  path: string[];
  before: unknown;
  now: unknown;
}

/** Where two trees differ; where `before` has no entry, its value is that of `presets`. */
export function differences(before: Tree, now: Tree, presets: Tree = {}, path: string[] = []): Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return keys.flatMap((key): Difference[] => {
    const [old, preset, asked] = [before[key], presets[key], now[key]];
    if (isTree(asked) && (isTree(old) || old === undefined)) {
      return differences(old ?? {}, asked, isTree(preset) ? preset : {}, [...path, key]);
    }
    const known = old === undefined ? preset : old;
    return JSON.stringify(known) === JSON.stringify(asked) ? [] : [{ path: [...path, key], before: known, now: asked }];
  });
}
