import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { COMMANDS, type Options } from "./commands.ts";
import { DEFAULTS } from "./kernelspec.ts";
import { UserError } from "./user-error.ts";

/** The command `typebook`. */
const HELP = `typebook: a Jupyter kernel for TypeScript

  typebook install     make the kernel known to Jupyter
  typebook uninstall   take that back
  typebook doctor      try every part, and say how to mend what does not work

  --user               for every Jupyter of this user (the default)
  --sys-prefix         for the Python environment whose python is first in the PATH
  --prefix FOLDER      for the Python environment in FOLDER
  --name NAME          the kernelspec's name (${DEFAULTS.name})
  --display-name TEXT  what front-ends call it (${DEFAULTS.displayName})
  --help, --version`;

const OPTIONS = {
  user: { type: "boolean" },
  "sys-prefix": { type: "boolean" },
  prefix: { type: "string" },
  name: { type: "string", default: DEFAULTS.name },
  "display-name": { type: "string", default: DEFAULTS.displayName },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UserError((error as Error).message.split(". ")[0], "see `typebook --help`");
  }
}

function check(values: Options & { user?: boolean }): void {
  const places = ["user", "sys-prefix", "prefix"] as const;
  const given = places.filter((place) => values[place] !== undefined);
  if (given.length > 1) throw new UserError(`--${given.join(" and --")} exclude each other`, "give one of them");
  if (values.prefix === "") throw new UserError("--prefix names no folder", "give the Python environment's");
  if (!/^[a-z0-9_][a-z0-9._-]*$/i.test(values.name)) {
    throw new UserError(`"${values.name}" is no name for a kernelspec`, "use letters, digits, `.`, `_` and `-`");
  }
  if (!values["display-name"].trim()) throw new UserError("--display-name is empty", "say what front-ends should show");
}

async function main(): Promise<void> {
  const { values, positionals } = readOptions();
  const [command, ...rest] = positionals;
  if (values.version) return console.log(version());
  if (values.help || command === undefined) return console.log(HELP);
  if (!Object.hasOwn(COMMANDS, command) || rest.length > 0) {
    throw new UserError(`there is no command \`${positionals.join(" ")}\``, "see `typebook --help`");
  }
  check(values);
  await COMMANDS[command](values);
}

function version(): string {
  const manifest = readFileSync(join(process.env.TYPEBOOK_ROOT as string, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

main().catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
