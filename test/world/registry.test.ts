import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRoot } from "../../lib/util/root.ts";
import { openWorld, setUpWorld, WORLD_NAMES } from "../../lib/world/registry.ts";

describe("the registry of worlds", () => {
  it("opens the courtyard, which needs nothing", async () => {
    await setUpWorld("courtyard");
    const world = await openWorld("courtyard");
    assert.equal(world.name, "courtyard");
    await world.close();
  });

  it("names what was meant, or what there is", async () => {
    const near = { Doom: "doom", dooom: "doom", courtyrad: "courtyard", "court-yard": "courtyard", doom2: "doom" };
    for (const [name, meant] of Object.entries(near))
      await assert.rejects(openWorld(name), { message: `there is no world "${name}"\n  -> did you mean ${meant}?` });
    for (const name of ["", "minecraft-world", "constructor", "__proto__", "toString"])
      await assert.rejects(setUpWorld(name), { message: /\n {2}-> choose one of courtyard, doom$/ });
    assert.deepEqual(WORLD_NAMES, ["courtyard", "doom"]);
  });

  it("says in one line that doom cannot be installed, while the courtyard opens", () => {
    const cache = mkdtempSync(join(tmpdir(), "no-python-"));
    const script = `
      import { openWorld, worldFault } from ${JSON.stringify(fromRoot("lib/world/registry.ts"))};
      const problems = await Promise.all(["courtyard", "doom"].map((name) => openWorld(name).then(() => "opens", (e) => e.message)));
      console.log(JSON.stringify([...problems, await worldFault("doom"), await worldFault("courtyard")]));`;
    const env = { ...process.env, WORLDCOMPASS_CACHE: cache, WORLDCOMPASS_PYTHON: "/nowhere/python" };
    const args = ["--import", "tsx", "--input-type=module", "-e", script];
    const output = execFileSync(process.execPath, args, { cwd: fromRoot("."), env, encoding: "utf8" });
    const [yard, doom, fault, none] = JSON.parse(output) as (string | null)[];
    assert.equal(yard, "opens");
    assert.match(
      String(doom),
      /^the world doom needs ViZDoom: no Python 3\.10 or later was found\n {2}-> install Python [^\n]+$/,
    );
    assert.deepEqual([fault, none], [doom, null]);
    rmSync(cache, { recursive: true });
  });
});
