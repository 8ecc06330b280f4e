export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  return typeof (value as { then?: unknown }).then === "function";
}

export function openIterator(iterable: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterator<unknown> {
  const open = (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator];
  if (open) return open.call(iterable);
  return awaitValues((iterable as Iterable<unknown>)[Symbol.iterator]());
}

/** `for await` over a plain iterable awaits each value. */
function awaitValues(iterator: Iterator<unknown>): AsyncIterator<unknown> {
  return {
    async next() {
      const { done = false, value } = iterator.next();
      return { done, value: await value } as IteratorResult<unknown>;
    },
    async return(value?: unknown) {
      return iterator.return?.(value) ?? { done: true, value };
    },
  };
}
