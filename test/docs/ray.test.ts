import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { ensurePython, pythonProgram } from "../../lib/runtime/setup/python.ts";

const run = promisify(execFile);
const read = (path: string): string => readFileSync(path, "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

describe("files for other machines", () => {
  it("KubeRay's job fits KubeRay's schema", async () => {
    await ensurePython();
    const args = ["-B", "test/docs/kuberay_check.py", "test/golden/kuberay-rayjob.json.gz", "docs/ray/rayjob.yaml"];
    assert.equal((await run(pythonProgram("python"), args)).stdout.trim(), "RayJob");
  });

  it("Slurm's script and Binder's are shell", async () => {
    for (const path of ["docs/ray/slurm.sh", ".binder/postBuild"]) await run("bash", ["-n", path]);
  });

  it("name one Ray, and commands that there are", () => {
    const [, version] = /ray\[client\]==(\S+)/.exec(read("lib/runtime/setup/ray-requirements.txt")) ?? [];
    assert.match(read("docs/ray/rayjob.yaml"), new RegExp(`rayVersion: ${version}\n`));
    assert.match(read("docs/ray.md"), new RegExp(`Ray ${version.replaceAll(".", "\\.")}`));
    const files = [
      ...["docs/ray.md", "docs/gymnasium.md", "docs/ray/slurm.sh", "docs/ray/Dockerfile", "docs/ray/rayjob.yaml"],
      ...[".binder/postBuild", ".devcontainer/devcontainer.json"],
    ];
    for (const file of files)
      for (const [, name] of read(file).matchAll(/npm run ([\w:]+)/g))
        assert.ok(Object.hasOwn(scripts, name), `${file} names npm run ${name}`);
    const { postCreateCommand } = JSON.parse(read(".devcontainer/devcontainer.json"));
    assert.match(postCreateCommand, /^npm ci && npm run setup$/);
  });
});
