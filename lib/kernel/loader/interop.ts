import { showValues } from "./shown.ts";

type Exports = Record<PropertyKey, unknown>;

/** One view of each module, so that importing it twice gives one object. */
const views = new WeakMap<object, { plain?: unknown; node?: unknown }>();

/**
 * What importing a CommonJS module gives: its properties and, as `default`, all of it. A module that was compiled from
 * an ES module says so and has a default of its own; Node does not look at that, so files which are written for Node's
 * rules (`asNode`) get all of it there, too.
 */
export function namespaceOf(exports: unknown, asNode: boolean): Exports {
  if ((typeof exports !== "object" && typeof exports !== "function") || exports === null) return { default: exports };
  const own = exports as Exports;
  if (own.__esModule === true && !asNode) return own;
  const known = views.get(own) ?? {};
  const key = asNode ? "node" : "plain";
  known[key] ??= view(own);
  views.set(own, known);
  return known[key] as Exports;
}

/** Reads through to the module: what it changes later is seen, and its getters run only when they are used. */
function view(exports: Exports): Exports {
  if (typeof exports === "function") return callable(exports);
  const namespace = Object.create(exports) as Exports;
  for (const key of Object.keys(exports)) {
    if (key !== "default") Object.defineProperty(namespace, key, { enumerable: true, get: () => exports[key] });
  }
  Object.defineProperty(namespace, "default", { value: exports, enumerable: true });
  // A getter of the module's own is none of ours to run.
  showValues(namespace, (key) => Object.getOwnPropertyDescriptor(key === "default" ? namespace : exports, key));
  return namespace;
}

/** Older projects write `import * as express` and call it. */
function callable(exports: Exports): Exports {
  return new Proxy(exports, {
    get: (target, key) => (key === "default" ? target : Reflect.get(target, key)),
    has: (target, key) => key === "default" || Reflect.has(target, key),
  });
}
