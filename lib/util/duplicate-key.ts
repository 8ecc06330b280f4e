/** Keys that stand twice in one object of a JSON text: parsers keep the last, and two programs may read two things. */

const TOKEN = /"(?:[^"\\]|\\.)*"\s*(:?)|[{}[\]]/g;

/** @param text that is JSON @returns the first key that stands twice in its object */
export function duplicateKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (colon) {
      const key = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string;
      const keys = open[open.length - 1];
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}
