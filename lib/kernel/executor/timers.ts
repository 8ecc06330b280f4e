import type { Scope } from "./scope.ts";

type Callback = (this: unknown, ...args: unknown[]) => unknown;
type Timer = (callback: Callback, ...rest: unknown[]) => unknown;

/** What timers call is user code, too: it runs where V8 can stop it. */
export function scopeTimers(scope: Scope): void {
  for (const name of ["setTimeout", "setInterval"] as const) {
    const original = globalThis[name] as unknown as Timer;
    const scoped = (callback: Callback, ...rest: unknown[]) =>
      original(typeof callback === "function" ? inScope(scope, callback) : callback, ...rest);
    Object.defineProperties(scoped, Object.getOwnPropertyDescriptors(original));
    const place = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { ...place, value: scoped });
  }
}

function inScope(scope: Scope, callback: Callback): Callback {
  return function (...args) {
    scope.enter(() => Reflect.apply(callback, this, args));
  };
}
