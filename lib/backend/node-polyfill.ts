/** tfjs-node 4.22 calls `util` predicates that Node 23 removed; this puts them back before it is loaded. */
import { createRequire } from "node:module";

export function restoreUtilPredicates(): void {
  const util = createRequire(import.meta.url)("node:util");
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
