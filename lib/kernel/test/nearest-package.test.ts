import assert from "node:assert/strict";
import { nearestPackage, preloaded } from "../language/nearest-package.ts";
import { folderWith } from "./folder.ts";

describe("kernel: the project's package.json", () => {
  const manifests: [text: string, preloaded: string[]][] = [
    ['{ "typebook": { "preload": ["a", "@b/c"] } }', ["a", "@b/c"]],
    ['\uFEFF{ "typebook": { "preload": ["a"] } }', ["a"]],
    ['{ "typebook": { "preload": ["a", 1, null] } }', ["a"]],
    ['{ "typebook": { "preload": "a" } }', []],
    ['{ "typebook": null }', []],
    ['{ "typebook": [] }', []],
    ["{}", []],
    ["null", []],
    ['"text"', []],
    ["", []],
    ["{ broken", []],
  ];
  for (const [text, expected] of manifests) {
    it(`may be ${JSON.stringify(text)}`, () => {
      const folder = folderWith({ "package.json": text, "notebooks/a.txt": "" });
      assert.deepEqual(preloaded(`${folder}/notebooks`), expected);
      assert.equal(nearestPackage(`${folder}/notebooks`)?.folder, folder);
    });
  }
});
