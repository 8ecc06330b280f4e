/** tfjs-node 4.22 calls `util` predicates that Node 22 warns of and Node 23 removed. */
import { createRequire } from "node:module";

/** Puts equal predicates in their place; to be called before tfjs-node is loaded. */
export function restoreUtilPredicates(): void {
  const util = createRequire(import.meta.url)("node:util");
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}
