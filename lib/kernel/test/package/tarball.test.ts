import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { everything, Place, sizeOf } from "./package.ts";

const MEGABYTES = 2 ** 20;
/** Somebody who owns nothing here. */
const NOBODY = 65534;

const CELLS = [
  'import { z } from "zod";\nenum Mood { Calm = "calm", Wild = "wild" }',
  "const Cat = z.object({ name: z.string(), mood: z.nativeEnum(Mood) });\ntype Cat = z.infer<typeof Cat>;",
  'const cat: Cat = Cat.parse({ name: "Tom", mood: "wild" });\nconsole.log(cat.name, cat.mood === Mood.Wild);',
];

/** Needs the registries of npm and pip. */
describe("kernel: the package, installed from its tarball in an empty folder", function () {
  this.timeout(900_000);
  const place = new Place();
  const listing = () =>
    [...everything(place.home), ...everything(place.python)].filter((path) => !/__pycache__/.test(path));
  let untouched: string[];

  before(async () => {
    await place.install();
    untouched = listing();
  });
  after(() => place.remove());

  it("takes 80 MB at most, and nothing of the laboratory", () => {
    const modules = join(place.project, "node_modules");
    const bytes = sizeOf(modules) - sizeOf(join(modules, "zod"));
    assert.ok(bytes <= 80 * MEGABYTES, `${Math.round(bytes / MEGABYTES)} MB`);
    for (const absent of ["worldcompass", "esbuild", "tsx", "@tensorflow"]) {
      assert.ok(!existsSync(join(modules, absent)), absent);
    }
  });

  it("is known to a user's Jupyter by absolute paths, and to a Python environment under another name", async () => {
    await place.typebook("install");
    await place.typebook("install", "--sys-prefix", "--name", "here", "--display-name", "Here");
    const { kernelspecs } = JSON.parse(await place.must("jupyter", ["kernelspec", "list", "--json"])) as {
      kernelspecs: Record<string, { resource_dir: string; spec: { argv: string[]; display_name: string } }>;
    };
    assert.equal(kernelspecs.here.spec.display_name, "Here");
    assert.ok(kernelspecs.here.resource_dir.startsWith(place.python), kernelspecs.here.resource_dir);
    assert.ok(kernelspecs.typebook.resource_dir.startsWith(place.home), kernelspecs.typebook.resource_dir);
    for (const path of kernelspecs.typebook.spec.argv.slice(0, 2))
      assert.ok(isAbsolute(path) && existsSync(path), path);
  });

  it("has a doctor that tries every part, and tells a kernelspec whose Node has gone", async () => {
    const well = await place.typebook("doctor");
    for (const part of ["node", "packages", "cache", "the kernel itself", "jupyter"]) {
      assert.match(well, new RegExp(`^ok +${part}`, "m"));
    }
    assert.equal(well.match(/kernels\/(typebook|here): ran a cell/g)?.length, 2, well);
    const file = join(place.home, ".local/share/jupyter/kernels/typebook/kernel.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/"[^"]*\/node"/, '"/nowhere/node"'));
    const { ok, output } = await place.run("npx", ["typebook", "doctor"]);
    writeFileSync(file, text);
    assert.ok(!ok);
    assert.match(
      output,
      /MISSING .*kernels\/typebook: \/nowhere\/node is not there any more\n +mend: run `typebook install`/,
    );
  });

  it("runs a notebook with zod and an enum under nbconvert, nbmake and papermill", async () => {
    const path = place.write("cat.ipynb", CELLS);
    const printed = await place.must("jupyter", ["nbconvert", "--to", "markdown", "--execute", "--stdout", path]);
    assert.match(printed, /Tom true/);
    assert.match(await place.must("pytest", ["--nbmake", path]), /1 passed/);
    await place.must("papermill", [path, join(place.project, "out.ipynb")]);
    assert.match(readFileSync(join(place.project, "out.ipynb"), "utf8"), /Tom true/);
  });

  it("fails a notebook for a type error, under each of them", async () => {
    const path = place.write("wrong.ipynb", [...CELLS, 'cat.mood = "tame";']);
    for (const [program, ...args] of [
      ["jupyter", "nbconvert", "--to", "markdown", "--execute", "--stdout", path],
      ["pytest", "--nbmake", path],
      ["papermill", path, join(place.project, "out.ipynb")],
    ]) {
      const { ok, output } = await place.run(program, args);
      assert.ok(!ok, program);
      assert.match(output, /TS2322/, program);
    }
  });

  it("works where neither it nor the cache may be used, and loads no code that others may have put there", async function () {
    if (process.getuid?.() !== 0) this.skip();
    const open = join(place.folder, "open");
    mkdirSync(open);
    chmodSync(place.folder, 0o755);
    chmodSync(open, 0o777);
    const command = join(place.project, "node_modules", "typebook", "bin", "typebook.mjs");
    const env = { HOME: "/nonexistent", XDG_CACHE_HOME: open };
    const { output } = await place.run(process.execPath, [command, "doctor"], env, { uid: NOBODY, cwd: "/" });
    assert.match(output, /^ok +the kernel itself: ran a cell/m);
    assert.match(output, /^MISSING cache: none/m);
    assert.deepEqual(everything(open), []);
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith("typebook-"));
    assert.deepEqual(
      left.filter((name) => statSync(join(tmpdir(), name)).uid === NOBODY),
      [],
    );
  });

  it("leaves nothing behind when it is uninstalled", async () => {
    await place.typebook("uninstall", "--sys-prefix", "--name", "here");
    assert.ok(existsSync(join(place.home, ".cache", "typebook")), "the other kernelspec still uses the cache");
    await place.typebook("uninstall");
    assert.deepEqual(listing(), untouched);
    const left = await place.run("npx", ["typebook", "uninstall"]);
    assert.match(left.output, /^there is no kernel typebook in [^\n]+\n$/);
  });
});
