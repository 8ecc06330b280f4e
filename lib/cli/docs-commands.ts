/** `npm run docs:commands`: writes docs/commands.md, what every command says of itself. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { writeAtomic } from "../util/files.ts";
import { fromRoot } from "../util/root.ts";
import { runCommand } from "./command.ts";

const PREFIX = "node --import tsx ";
const HEAD = `# Commands

Written by \`npm run docs:commands\` from the commands themselves. Options stand after \`--\`:
\`npm run train -- --post.rollout.branches 6\`. A name with a dot is an entry of a nested config; \`--save-every\` and
\`--saveEvery\` are the same.
`;

/** Commands by their npm script. */
function commands(): [name: string, script: string][] {
  const { scripts } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8")) as { scripts: Record<string, string> };
  return Object.entries(scripts)
    .filter(([name, script]) => script.startsWith(PREFIX) && name !== "test")
    .sort(([a], [b]) => a.localeCompare(b));
}

function helpOf([name, script]: [string, string]): string {
  const args = [...script.split(" ").slice(1), "--help"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: fromRoot("."), encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} --help fails: ${stderr}`);
  return `## ${name}\n\n\`\`\`text\n${stdout.trimEnd()}\n\`\`\`\n`;
}

const about = "Writes docs/commands.md: what every command says of itself.";

await runCommand({ name: "docs:commands", about, options: z.strictObject({}) }, () => {
  writeAtomic(fromRoot("docs/commands.md"), [HEAD, ...commands().map(helpOf)].join("\n"));
});
