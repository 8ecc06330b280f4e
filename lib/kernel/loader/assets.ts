import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

interface Asset {
  path: string;
  query: string;
}

/**
 * What bundlers make of files that are no code, as far as it makes sense without one: `?raw` is the text, a style
 * sheet has its class names, any other file is its URL.
 */
export function assetExports({ path, query }: Asset): Record<string, unknown> {
  if (/[?&]raw\b/.test(query)) return { default: readFileSync(path, "utf8") };
  if (/\.(?:css|scss|sass|less|styl|pcss)$/.test(path) && !query) return { default: classNames(path) };
  return { default: pathToFileURL(path).href };
}

function classNames(path: string): Record<string, string> {
  const names = readFileSync(path, "utf8").matchAll(/\.(-?[_a-zA-Z][\w-]*)(?=[^{}]*\{)/g);
  return Object.fromEntries([...names].map(([, name]) => [name, name]));
}
