import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fromRoot } from "../../lib/util/root.ts";

/** Names of the rules that a project of these files breaks, judged as `npm run lint` judges. */
function brokenRules(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), "layout-"));
  try {
    for (const name of [".dependency-cruiser.mjs", "tsconfig.json", "package.json"])
      copyFileSync(fromRoot(name), join(folder, name));
    symlinkSync(fromRoot("node_modules"), join(folder, "node_modules"), "junction");
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const cruiser = fromRoot("node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
    const { stdout } = spawnSync(process.execPath, [cruiser, "--output-type", "json", "lib"], {
      cwd: folder,
      encoding: "utf8",
    });
    const { violations } = JSON.parse(stdout).summary as { violations: { rule: { name: string } }[] };
    return [...new Set(violations.map(({ rule }) => rule.name))].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const A = "export type A = 1;\n";
const imports = (from: string): string => `import type { A } from "${from}";\nexport type B = A;\n`;

describe("the layout's rules", () => {
  const cases: [string, Record<string, string>, string[]][] = [
    [
      "let a room import from below",
      { "lib/model/a.ts": imports("../world/b.ts"), "lib/world/b.ts": imports("../util/c.ts"), "lib/util/c.ts": A },
      [],
    ],
    [
      "refuse an import from above, of a type alone too",
      { "lib/metrics/a.ts": imports("../model/dit/b.ts"), "lib/model/dit/b.ts": A },
      ["metrics-imports-downward"],
    ],
    [
      "refuse files that need each other",
      {
        "lib/util/a.ts": `${imports("./b.ts")}export type A = 1;\n`,
        "lib/util/b.ts": `${imports("./a.ts")}export type A = 1;\n`,
      },
      ["no-circle-of-files"],
    ],
    [
      "refuse folders that need each other, though their files do not",
      {
        "lib/model/one/a.ts": imports("../two/b.ts"),
        "lib/model/two/b.ts": A,
        "lib/model/two/c.ts": imports("../one/d.ts"),
        "lib/model/one/d.ts": A,
      },
      ["no-circle-of-folders"],
    ],
    [
      "refuse a room that knows a world in particular",
      Object.fromEntries([
        ...["model", "rewards", "metrics", "objective", "rollout", "training", "evaluation"].map((room) => [
          `lib/${room}/a.ts`,
          imports("../world/courtyard/b.ts"),
        ]),
        ["lib/world/courtyard/b.ts", A],
      ]),
      ["no-world-in-particular"],
    ],
    [
      "let them know a world's interface, and data sets",
      {
        "lib/rewards/a.ts": imports("../world/world.ts"),
        "lib/rewards/c.ts": imports("../world/dataset/b.ts"),
        "lib/world/world.ts": A,
        "lib/world/dataset/b.ts": A,
      },
      [],
    ],
    [
      "refuse a kernel that knows the laboratory, and a laboratory built on the kernel",
      {
        "lib/kernel/front/a.ts": imports("../../world/b.ts"),
        "lib/world/b.ts": A,
        "lib/model/c.ts": imports("../kernel/wire/d.ts"),
        "lib/kernel/wire/d.ts": A,
      },
      ["kernel-stands-alone", "model-imports-downward"],
    ],
    [
      "refuse what only developers install, and what is not there",
      {
        "lib/util/a.ts": 'import fc from "fast-check";\nexport default fc;\n',
        "lib/util/b.ts": 'import x from "./nowhere.ts";\nexport default x;\n',
      },
      ["no-development-packages-in-lib", "resolvable"],
    ],
  ];
  for (const [what, files, rules] of cases) it(what, () => assert.deepEqual(brokenRules(files), rules));
});
