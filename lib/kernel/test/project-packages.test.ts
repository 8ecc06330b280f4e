import { config, describeProjects } from "./project.ts";

describeProjects("packages", [
  {
    title: "packages: CommonJS, without types, with both kinds, transpiled",
    files: {
      "package.json": "{}",
      "tsconfig.json": config({ strict: true }),
      "node_modules/bag/package.json": '{ "name": "bag", "main": "main.js" }',
      "node_modules/bag/main.js":
        "const make = () => ({});\nmodule.exports = Object.assign(() => 'called', { chunk: (x) => [x], ...make() });\nmodule.exports.late = 1;\n",
      "node_modules/typed/package.json": '{ "name": "typed", "main": "main.js", "types": "main.d.ts" }',
      "node_modules/typed/main.js": "const all = { chunk: (x) => [x] };\nmodule.exports = all;\n",
      "node_modules/typed/main.d.ts": "declare const all: { chunk<T>(x: T): T[] };\nexport = all;\n",
      "node_modules/babel/package.json": '{ "name": "babel", "main": "main.js", "types": "main.d.ts" }',
      "node_modules/babel/main.js":
        "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = class Main {}; exports.named = 1;\n",
      "node_modules/babel/main.d.ts":
        "export default class Main {}\nexport declare const named: number;\nexport interface Options { x: number }\n",
      "node_modules/dual/package.json":
        '{ "name": "dual", "exports": { ".": { "import": "./m.mjs", "require": "./c.cjs" }, "./sub/*": "./sub/*.mjs" } }',
      "node_modules/dual/m.mjs": "export const kind = 'module'; export default 'default';\n",
      "node_modules/dual/c.cjs": "exports.kind = 'commonjs';\n",
      "node_modules/dual/sub/part.mjs": "export const part = 1;\n",
      "node_modules/@types/ghost/package.json": '{ "name": "@types/ghost", "types": "index.d.ts" }',
      "node_modules/@types/ghost/index.d.ts": "export interface Ghost { x: number }\n",
      "calls.ts": "import * as bag from 'bag';\nexport const called = bag();\n",
      "uses.ts":
        "import * as bag from 'bag';\nimport one, { chunk } from 'typed';\nimport Main, { named } from 'babel';\nexport const all = [bag.chunk(1), one.chunk(2), chunk(3), new Main(), named];\n",
    },
    rows: [
      ["import { chunk } from 'bag'; import bag from 'bag'; [chunk(1), bag(), bag.late]", "[ [ 1 ], 'called', 1 ]"],
      ["import * as all from 'bag'; [all.chunk(2), all.default()]", "[ [ 2 ], 'called' ]"],
      [
        "import typed, { chunk as c2 } from 'typed'; import * as ns from 'typed'; [typed.chunk(1), c2(2), ns.chunk(3)]",
        "[ [ 1 ], [ 2 ], [ 3 ] ]",
      ],
      [
        "import Main, { named, Options } from 'babel'; const mo: Options = { x: named }; [new Main(), mo]",
        "[ Main {}, { x: 1 } ]",
      ],
      [
        "import { kind } from 'dual'; import { part } from 'dual/sub/part'; [kind, part, require('dual').kind]",
        "[ 'module', 1, 'commonjs' ]",
      ],
      ["import { Ghost } from 'ghost'; const g: Ghost = { x: 1 }; g.x", "1"],
      ["import bag3 = require('bag'); bag3()", "'called'"],
      ["import { all as used } from './uses.ts'; used", "[ [ 1 ], [ 2 ], [ 3 ], Main {}, 1 ]"],
      ["(await import('bag')).chunk(5)", "[ 5 ]"],
      ["import { called } from './calls'; called", "'called'"],
      [
        "import { readFileSync } from 'fs'; import os, { EOL } from 'node:os'; [typeof readFileSync, os.EOL === EOL]",
        "[ 'function', true ]",
      ],
      ["import { gone } from 'bag'", /does not provide an export named 'gone'/],
      ["import 'magic-string'", /TS2307|Cannot find package/],
      ["await import('zeromq' as string)", /Cannot find package 'zeromq'/],
    ],
  },
]);
