import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { kernelsFolder } from "./jupyter-folders.ts";
import { DEFAULTS, removeKernelspec, writeKernelspec } from "./kernelspec.ts";
import { UserError } from "./user-error.ts";

/** The command `typebook`. */
const HELP = `typebook: a Jupyter kernel for TypeScript

  typebook install     make the kernel known to Jupyter
  typebook uninstall   take that back

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

const kernel = process.env.TYPEBOOK_ROOT as string;

type Options = ReturnType<typeof readOptions>["values"];

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UserError((error as Error).message, "see `typebook --help`");
  }
}

function checkPlace(options: Options): void {
  const given = ["user", "sys-prefix", "prefix"].filter((name) => options[name as keyof Options] !== undefined);
  if (given.length > 1) throw new UserError(`--${given.join(" and --")} exclude each other`, "give one of them");
  if (!/^[a-z0-9._-]+$/i.test(options.name)) {
    throw new UserError(`"${options.name}" is no name for a kernelspec`, "use letters, digits, `.`, `_` and `-`");
  }
}

const COMMANDS: Record<string, (options: Options) => void> = {
  install: (options) => {
    const spec = { name: options.name, displayName: options["display-name"] };
    console.log(`kernel installed in ${writeKernelspec(kernelsFolder(options), spec, kernel)}`);
  },
  uninstall: (options) => {
    const folder = removeKernelspec(kernelsFolder(options), options.name);
    console.log(folder ? `kernel removed from ${folder}` : `no kernel ${options.name} in ${kernelsFolder(options)}`);
  },
};

function main(): void {
  const { values, positionals } = readOptions();
  const [command, ...rest] = positionals;
  if (values.version) {
    const { version } = JSON.parse(readFileSync(join(kernel, "package.json"), "utf8")) as { version: string };
    console.log(version);
    return;
  }
  if (values.help || command === undefined) {
    console.log(HELP);
    return;
  }
  if (!Object.hasOwn(COMMANDS, command) || rest.length > 0) {
    throw new UserError(`there is no command \`${positionals.join(" ")}\``, "see `typebook --help`");
  }
  checkPlace(values);
  COMMANDS[command](values);
}

try {
  main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
