import { createHash } from "node:crypto";

/** A file as it is now. */
export interface Node {
  /** Of its text and options. */
  hash: string;
  /** Files of the project that it imports. */
  imports: string[];
}

interface Visit {
  index: number;
  low: number;
  open: boolean;
}

/**
 * The version of a file is a hash of its own text and of everything it imports, so an edit anywhere below a module
 * makes it a new one, while untouched modules keep their state. Files that import each other share a version
 * (Tarjan's strongly connected components, in one pass).
 */
export function versionsBelow(root: string, look: (path: string) => Node): Map<string, string> {
  const versions = new Map<string, string>();
  const visits = new Map<string, Visit>();
  const stack: string[] = [];
  const visit = (path: string): Visit => {
    const own: Visit = { index: visits.size, low: visits.size, open: true };
    visits.set(path, own);
    stack.push(path);
    for (const next of look(path).imports) {
      const seen = visits.get(next);
      if (!seen) own.low = Math.min(own.low, visit(next).low);
      else if (seen.open) own.low = Math.min(own.low, seen.index);
    }
    if (own.low === own.index) close(stack.splice(stack.indexOf(path)));
    return own;
  };
  const close = (members: string[]): void => {
    const hash = createHash("sha256");
    for (const path of [...members].sort()) {
      (visits.get(path) as Visit).open = false;
      const { hash: text, imports } = look(path);
      hash.update(`${path}\0${text}\0${imports.map((next) => versions.get(next) ?? "").join()}\n`);
    }
    const version = hash.digest("hex").slice(0, 12);
    for (const path of members) versions.set(path, version);
  };
  visit(root);
  return versions;
}
