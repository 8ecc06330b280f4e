/** Deno's ways of writing a package: `npm:zod@3/v4`, `jsr:@std/path@1`. */
const NPM = /^npm:\/?(@[^/@]+\/[^/@]+|[^/@]+)(?:@[^/]+)?(\/.*)?$/;
const JSR = /^jsr:\/?@([^/]+)\/([^/@]+)(?:@[^/]+)?(\/.*)?$/;

/** The name under which a package lies in node_modules. */
export function plainSpecifier(specifier: string): string {
  const npm = NPM.exec(specifier);
  if (npm) return npm[1] + (npm[2] ?? "");
  const jsr = JSR.exec(specifier);
  return jsr ? `@jsr/${jsr[1]}__${jsr[2]}${jsr[3] ?? ""}` : specifier;
}
