/** What `npm pack` makes, installed in an empty folder: small, typed, and it runs in plain Node. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildPackage } from "../../lib/experiments/package.ts";
import { examplesIn, publicNames } from "../docs/door.ts";

const PROGRAM = `
import { advantages, generateVideos, openWorld, prompt, untrainedModel, UserError } from "worldcompass";
const world = await openWorld("courtyard");
const model = await untrainedModel(world, { width: 32, depth: 1, cellWidth: 8, cellDepth: 1 });
const [video] = await generateVideos(model, [await prompt(world, "w-3")]);
console.log(video.length / (48 * 80 * 3), advantages([[0, 1]])[0].length);
const error = await openWorld("courtyrad").catch((caught) => caught);
console.log(error instanceof UserError, error.mend);
`;

describe("the package", () => {
  let dir: string;
  let tarball: string;
  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync("npm", [...args, "--no-audit", "--no-fund"], { cwd, encoding: "utf8" });
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "package-"));
    const built = join(dir, "built");
    mkdirSync(built);
    buildPackage(built);
    [tarball] = npm(dir, "pack", "./built", "--silent")
      .trim()
      .split("\n")
      .map((name) => join(dir, name));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("is small: no weights, no TypeScript sources, no tests", () => {
    assert.ok(statSync(tarball).size < 1_000_000, `${statSync(tarball).size} bytes`);
    const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
    const odd = files.filter((file) => !/[.](?:c?js|d[.]ts|py|txt|json|md|cc?|h|gyp|sh|patch)$|LICENSE$/.test(file));
    assert.deepEqual(odd, []);
  });

  it("is installed in an empty folder, runs in plain Node, and its types hold", () => {
    const user = join(dir, "user");
    mkdirSync(user);
    writeFileSync(join(user, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
    npm(user, "install", tarball, "--ignore-scripts", "--prefer-offline");
    writeFileSync(join(user, "program.mjs"), PROGRAM);
    const env = { PATH: process.env.PATH, HOME: join(dir, "home"), WORLDCOMPASS_BACKEND: "wasm" };
    const said = execFileSync(process.execPath, ["program.mjs"], { cwd: user, env, encoding: "utf8" });
    assert.deepEqual(said.trim().split("\n"), ["13 2", "true did you mean courtyard?"]);
    for (const { name, comment } of publicNames())
      for (const [i, code] of examplesIn(comment).entries()) writeFileSync(join(user, `${name}-${i}.ts`), code);
    const strict = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2023", "--types", "node"];
    const roots = ["--typeRoots", resolve("node_modules/@types"), "--skipLibCheck"];
    const programs = readdirSync(user).filter((name) => name.endsWith(".ts"));
    const tsc = resolve("node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, ...strict, ...roots, ...programs], { cwd: user, stdio: "inherit" });
  });
});
