import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** `[`name`, `other`](path)`: the file is there, and it declares the names. */
function checkLinks(page: string, fewest: number): void {
  const text = readFileSync(page, "utf8");
  const links = [...text.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, names, path]) => ({ names, path }));

  it("has links", () => assert.ok(links.length >= fewest));

  for (const { names, path } of links) {
    it(`${names} is in ${path}`, () => {
      const file = join(dirname(page), path);
      assert.ok(existsSync(file), `${file} is missing`);
      const source = readFileSync(file, "utf8");
      for (const [, name] of names.matchAll(/`(?:\w+\.)?(\w+)`/g)) {
        const declared = new RegExp(`(function|const|class|interface|type) ${name}\\b|^  (async )?${name}\\(`, "m");
        assert.match(source, declared, `${file} does not declare ${name}`);
      }
    });
  }
}

for (const [page, fewest] of [
  ["docs/worlds.md", 7],
  ["docs/words.md", 29],
  ["docs/reports.md", 6],
] as const)
  describe(page, () => checkLinks(page, fewest));

describe("docs/architecture.md", () => {
  const text = readFileSync("docs/architecture.md", "utf8");
  checkLinks("docs/architecture.md", 21);

  it("names the rooms that there are, in the lint's order", () => {
    const named = [...text.matchAll(/^ {2}(\w+)\/ /gm)].map(([, room]) => room);
    for (const room of named) assert.ok(existsSync(join("lib", room)), room);
  });
});
