import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fromRoot } from "../../lib/util/root.ts";

const { scripts } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8")) as { scripts: Record<string, string> };
const PREFIX = "node --import tsx ";
const DOCUMENT = readFileSync(fromRoot("docs/commands.md"), "utf8");
const COMMANDS = Object.entries(scripts).filter(([name, script]) => script.startsWith(PREFIX) && name !== "test");

function run(script: string, argument: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const args = [...script.split(" ").slice(1), argument];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: fromRoot(".") }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe("every command", () => {
  for (const [name, script] of COMMANDS) {
    it(`${name} shows its options, and does nothing at one that it does not know`, async () => {
      const help = await run(script, "--help");
      assert.equal(help.code, 0, help.stderr);
      assert.match(help.stdout, new RegExp(`^Usage: npm run ${name} -- ?`));
      // Written anew by `npm run docs:commands`.
      assert.ok(DOCUMENT.includes(help.stdout.trimEnd()), `docs/commands.md says otherwise of ${name}`);
      if (/passed on to/.test(help.stdout)) return;
      const unknown = await run(script, "--nonsense=1");
      assert.equal(unknown.code, 1);
      assert.match(unknown.stderr, /^there is no --nonsense\n {2}-> .+\n$/);
    });
  }
});
