import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runRows } from "../cells.ts";
import { KernelClient } from "../client.ts";
import { addFile, folderWith, linkPackages } from "../folder.ts";
import { FRAMEWORKS } from "./frameworks.ts";
import { SERVERS } from "./servers.ts";
import type { Template } from "./template.ts";
import { TOOLS } from "./tools.ts";
import { WEB } from "./web.ts";

/** Projects as strangers have them, installed from npm's registry: `npm run kernel:test-templates`. */
describe("kernel: templates of projects", () => {
  for (const template of [...WEB, ...FRAMEWORKS, ...SERVERS, ...TOOLS]) {
    it(template.name, async () => {
      const folder = make(template);
      addFile(folder, join(template.notebook ?? ".", ".keep"), "");
      const kernel = await KernelClient.start({ folder: join(folder, template.notebook ?? ".") });
      try {
        await runRows(kernel, template.cells);
      } finally {
        await kernel.stop();
      }
    }).timeout(600_000);
  }
});

function make({ create, files = {}, install = {}, links = [] }: Template): string {
  const above = folderWith({});
  if (create) npm(above, ["create", "--yes", create.package, "--", ...create.args, "--no-interactive"]);
  const folder = create ? join(above, create.args[0]) : above;
  for (const [name, text] of Object.entries(files)) addFile(folder, name, text);
  addDependencies(folder, install);
  npm(folder, ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", "--workspaces=false"]);
  linkPackages(folder, links);
  return folder;
}

function addDependencies(folder: string, install: Record<string, string>): void {
  const file = join(folder, "package.json");
  const manifest = readManifest(file);
  const dependencies = { ...manifest.dependencies, ...install };
  // npm links workspaces itself; here that is left to the test, since their packages are not in the registry.
  writeFileSync(file, JSON.stringify({ ...manifest, workspaces: undefined, dependencies }));
}

function readManifest(file: string): { dependencies?: Record<string, string> } {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { dependencies?: Record<string, string> };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

function npm(cwd: string, args: string[]): void {
  const { status, stdout, stderr } = spawnSync("npm", args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status !== 0) throw new Error(`npm ${args.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
}
