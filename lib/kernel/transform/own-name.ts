const OWN = "$own";

/**
 * A cell's `const URL = "…"` would hide the URL of all code in the process, packages that are loaded later and Node's
 * own included. Cells therefore keep names of global objects under another one.
 */
export function ownName(name: string): string {
  return name + OWN;
}

/** The name that the cell's text has. */
export function writtenName(name: string): string {
  return name.endsWith(OWN) ? name.slice(0, -OWN.length) : name;
}

/** An expression with the cells' own names, of those that are declared; it is not looked at what is local to it. */
export function withOwnNames(expression: string, declared: readonly string[]): string {
  const own = declared.filter((name) => name.endsWith(OWN)).map(writtenName);
  if (own.length === 0) return expression;
  const names = new RegExp(`(?<![\\w$.])(?:${own.join("|")})(?![\\w$])`, "g");
  return expression.replace(names, ownName);
}
