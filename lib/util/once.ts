/** Calls a function once, when its value is first asked for; where it throws, it is asked again the next time. */
export function once<T>(make: () => T): () => T {
  const made: T[] = [];
  return () => {
    if (made.length === 0) made.push(make());
    return made[0];
  };
}
