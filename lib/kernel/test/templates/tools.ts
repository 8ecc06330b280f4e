import { json, type Template } from "./template.ts";

export const TOOLS: Template[] = [
  {
    name: "scripts run by tsx, no tsconfig.json",
    files: {
      "package.json": json({ name: "scripts", type: "module", private: true }),
      "scripts/report.ts":
        "import { groupBy } from 'lodash-es';\nimport dayjs from 'dayjs';\nexport enum Kind { Day, Month }\nexport const key = (date: string, kind: Kind): string => dayjs(date).format(kind === Kind.Day ? 'YYYY-MM-DD' : 'YYYY-MM');\nexport const report = (dates: string[]): Record<string, string[]> => groupBy(dates, (d: string) => key(d, Kind.Month));\n",
    },
    install: { "lodash-es": "^4.17.21", "@types/lodash-es": "^4.17.12", dayjs: "^1.11.0", lodash: "^4.17.21" },
    cells: [
      [
        "import { Kind, report } from './scripts/report.js'; report(['2026-01-02', '2026-01-03', '2026-02-01'])['2026-01'].length",
        "2",
      ],
      [
        "import dayjs from 'dayjs'; import utc from 'dayjs/plugin/utc.js'; dayjs.extend(utc); dayjs.utc(0).year()",
        "1970",
      ],
      [
        "import { chunk } from 'lodash'; import * as _ from 'lodash'; [chunk([1, 2, 3], 2).length, _.sum([1, 2])]",
        "[ 2, 3 ]",
      ],
      ["Kind.Month", "1"],
      ["const { key } = await import('./scripts/report'); key('2026-05-05', Kind.Day)", "'2026-05-05'"],
    ],
  },
  {
    name: "ts-node with an organisation's base config, CommonJS",
    files: {
      "package.json": json({ name: "cjs-app", private: true }),
      "tsconfig.json": json({
        extends: "@tsconfig/node20/tsconfig.json",
        compilerOptions: { module: "commonjs", moduleResolution: "node", outDir: "lib", rootDir: "src", baseUrl: "." },
        "ts-node": { files: true },
      }),
      "src/config.ts":
        "import path = require('path');\nexport default { root: path.basename(__dirname), node: typeof require.resolve };\n",
      "src/index.ts":
        "import * as moment from 'moment';\nimport config from './config';\nimport { EventEmitter } from 'events';\nexport class App extends EventEmitter { started = moment(0).utc().year(); constructor(public name = config.root) { super() } }\n",
    },
    install: { moment: "^2.30.0", "@tsconfig/node20": "^20.0.0", "js-yaml": "^4.1.0", "@types/js-yaml": "^4.0.9" },
    cells: [
      ["import config from './src/config'; [config.root, config.node]", "[ 'src', 'function' ]"],
      ["import { App } from './src'; new App().started", "1970"],
      [
        "const app = new App('mine'); let heard = ''; app.on('x', (v: string) => { heard = v }); app.emit('x', 'yes'); heard",
        "'yes'",
      ],
      ["import yaml from 'js-yaml'; (yaml.load('a: [1, 2]') as { a: number[] }).a", "[ 1, 2 ]"],
      ["const moment = require('moment'); moment.utc(0).format('YYYY')", "'1970'"],
    ],
  },
  {
    name: "a command line of ES modules with commander and chalk, NodeNext",
    files: {
      "package.json": json({ name: "cli", type: "module", private: true, imports: { "#util/*": "./src/util/*.js" } }),
      "tsconfig.json": json({
        compilerOptions: {
          target: "ES2022",
          module: "NodeNext",
          strict: true,
          outDir: "dist",
          rootDir: "src",
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          resolveJsonModule: true,
        },
        include: ["src"],
      }),
      "src/cli.ts":
        "import { Command } from 'commander';\nimport chalk from 'chalk';\nimport { shout } from '#util/text';\nexport const program = new Command().name('cli').argument('<words...>').exitOverride().action((words: string[]) => { console.log(chalk.red(shout(words.join(' ')))) });\nexport const here = new URL('.', import.meta.url).pathname;\n",
      "src/util/text.ts": "export const shout = (text: string): string => `${text.toUpperCase()}!`;\n",
      "src/data.json": '{ "words": ["a", "b"] }',
    },
    install: { commander: "^12.0.0", chalk: "^5.3.0", ajv: "^8.17.0" },
    cells: [
      ["import { here, program } from './src/cli.js'; here.endsWith('/src/')", "true"],
      ["program.parse(['hello', 'you'], { from: 'user' }).args", "[ 'hello', 'you' ]"],
      ["import data from './src/data.json' with { type: 'json' }; data.words[0]?.length", "1"],
      [
        "import { Ajv } from 'ajv'; const check = new Ajv().compile({ type: 'number' }); [check(1), check('x')]",
        "[ true, false ]",
      ],
      ["import { shout } from '#util/text'; shout('x')", "'X!'"],
    ],
  },
  {
    name: "a library of projects that refer to each other, not built",
    files: {
      "package.json": json({ name: "library", private: true, workspaces: ["packages/*"] }),
      "tsconfig.json": json({ files: [], references: [{ path: "packages/core" }, { path: "packages/shapes" }] }),
      "tsconfig.base.json": json({
        compilerOptions: {
          composite: true,
          declaration: true,
          strict: true,
          target: "ES2022",
          module: "NodeNext",
          rootDir: "${configDir}/src",
          outDir: "${configDir}/dist",
        },
      }),
      "packages/core/package.json": json({
        name: "@lib/core",
        type: "module",
        exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" }, "./math": "./dist/math.js" },
      }),
      "packages/core/tsconfig.json": json({ extends: "../../tsconfig.base.json" }),
      "packages/core/src/index.ts": "export * from './math.js';\nexport interface Sized { size(): number }\n",
      "packages/core/src/math.ts": "export const square = (x: number): number => x * x;\n",
      "packages/shapes/package.json": json({
        name: "@lib/shapes",
        type: "module",
        main: "dist/index.js",
        types: "dist/index.d.ts",
      }),
      "packages/shapes/tsconfig.json": json({ extends: "../../tsconfig.base.json", references: [{ path: "../core" }] }),
      "packages/shapes/src/index.ts":
        "import { Sized, square } from '@lib/core';\nexport class Square implements Sized { constructor(readonly side: number) {} size(): number { return square(this.side) } }\n",
    },
    links: ["packages/core", "packages/shapes"],
    notebook: "docs",
    cells: [
      ["import { Square } from '@lib/shapes'; new Square(3).size()", "9"],
      ["import { Sized } from '@lib/core'; const s: Sized = new Square(2); s.size()", "4"],
      ["import { square } from '@lib/core/math'; square(5)", "25"],
      ["import { Square as Direct } from '../packages/shapes/src/index.js'; Direct === Square", "true"],
      ["class Double extends Square { override size() { return 2 * super.size() } } new Double(3).size()", "18"],
    ],
  },
  {
    name: "a monorepo of npm workspaces whose packages are TypeScript",
    files: {
      "package.json": json({ name: "mono", private: true, workspaces: ["apps/*", "packages/*"] }),
      "packages/ui/package.json": json({
        name: "@repo/ui",
        private: true,
        exports: { ".": "./src/index.ts", "./button": "./src/button.tsx" },
      }),
      "packages/ui/tsconfig.json": json({
        compilerOptions: { jsx: "react-jsx", module: "esnext", moduleResolution: "bundler", strict: true },
      }),
      "packages/ui/src/index.ts": "export { Button } from './button';\nexport type { ButtonProps } from './button';\n",
      "packages/ui/src/button.tsx":
        "import type { ReactNode } from 'react';\nexport interface ButtonProps { children: ReactNode }\nexport const Button = ({ children }: ButtonProps) => <button>{children}</button>;\n",
      "packages/config/package.json": json({ name: "@repo/config", private: true }),
      "packages/config/base.json": json({
        compilerOptions: {
          strict: true,
          jsx: "react-jsx",
          module: "esnext",
          moduleResolution: "bundler",
          target: "es2022",
          lib: ["es2022", "dom"],
        },
      }),
      "apps/web/package.json": json({ name: "web", private: true }),
      "apps/web/tsconfig.json": json({
        extends: "@repo/config/base.json",
        compilerOptions: { paths: { "@/*": ["./src/*"] } },
        include: ["src"],
      }),
      "apps/web/src/page.tsx":
        "import { Button } from '@repo/ui';\nexport const Page = () => <main><Button>go</Button></main>;\n",
    },
    install: { react: "^19.0.0", "react-dom": "^19.0.0", "@types/react": "^19.0.0", "@types/react-dom": "^19.0.0" },
    links: ["packages/ui", "packages/config"],
    notebook: "apps/web",
    cells: [
      ["import { Page } from '@/page'; import { renderToStaticMarkup } from 'react-dom/server';"],
      ["renderToStaticMarkup(<Page />)", "'<main><button>go</button></main>'"],
      [
        "import { Button, ButtonProps } from '@repo/ui'; const props: ButtonProps = { children: 'x' }; renderToStaticMarkup(<Button {...props} />)",
        "'<button>x</button>'",
      ],
      ["import { Button as Same } from '@repo/ui/button'; Same === Button", "true"],
      ["const wrong = <Button />;", /TS2741/],
    ],
  },
  {
    name: "Deno-style: endings everywhere, npm: and jsr: specifiers",
    files: {
      "deno.json": json({ imports: { zod: "npm:zod@3" } }),
      "mod.ts": "export { Circle } from './src/circle.ts';\nexport type { Area } from './src/circle.ts';\n",
      "src/circle.ts":
        "import { z } from 'npm:zod@3';\nexport interface Area { area(): number }\nexport class Circle implements Area {\n  #radius: number;\n  constructor(radius: number) { this.#radius = z.number().positive().parse(radius) }\n  area() { return Math.round(Math.PI * this.#radius ** 2) }\n}\n",
    },
    install: { zod: "^3.23.0" },
    cells: [
      ["import { Area, Circle } from './mod.ts'; const a: Area = new Circle(1); a.area()", "3"],
      ["import { z } from 'npm:zod@3'; z.string().parse('x')", "'x'"],
      ["new Circle(-1)", /ZodError/],
      ["import { basename } from 'node:path'; basename(import.meta.dirname ?? '') === basename(process.cwd())", "true"],
      ["const { Circle: Lazy } = await import('./src/circle.ts'); Lazy === Circle", "true"],
    ],
  },
  {
    name: "a package for both kinds of modules, with rxjs and effectful types",
    files: {
      "package.json": json({
        name: "both",
        version: "1.0.0",
        type: "module",
        exports: {
          ".": {
            import: { types: "./dist/index.d.ts", default: "./dist/index.js" },
            require: { types: "./dist/index.d.cts", default: "./dist/index.cjs" },
          },
        },
      }),
      "tsconfig.json": json({
        compilerOptions: {
          target: "ES2020",
          module: "ESNext",
          moduleResolution: "bundler",
          strict: true,
          declaration: true,
          isolatedModules: true,
          isolatedDeclarations: true,
          verbatimModuleSyntax: true,
          noEmit: true,
          lib: ["ES2020"],
        },
      }),
      "src/index.ts":
        "import { type Observable, interval, map, take } from 'rxjs';\nexport type Tick = { n: number };\nexport function ticks(count: number): Observable<Tick> { return interval(1).pipe(take(count), map((n) => ({ n }))) }\nexport let made = 0;\nexport function make(): number { made += 1; return made }\n",
      "src/legacy.cts": "const legacy = { old: true };\nexport = legacy;\n",
    },
    install: { rxjs: "^7.8.0", immer: "^10.0.0" },
    cells: [
      [
        "import { Tick, ticks, made, make } from './src/index'; import { lastValueFrom, toArray } from 'rxjs'; const all: Tick[] = await lastValueFrom(ticks(3).pipe(toArray())); all.length",
        "3",
      ],
      ["make(); make(); made", "2"],
      [
        "import legacy from './src/legacy.cjs'; import again = require('./src/legacy.cts'); [legacy.old, again === legacy]",
        "[ true, true ]",
      ],
      [
        "import { produce } from 'immer'; const next = produce({ list: [1] }, (d) => { d.list.push(2) }); next.list",
        "[ 1, 2 ]",
      ],
      ["let last: Tick | undefined = all.at(-1); last!.n", "2"],
    ],
  },
];
