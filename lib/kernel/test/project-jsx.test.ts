import { config, describeProjects } from "./project.ts";

describeProjects("JSX", [
  {
    title: "JSX, in cells and files",
    files: {
      "package.json": "{}",
      "tsconfig.json": config({ jsx: "preserve", jsxImportSource: "tiny" }),
      "node_modules/tiny/package.json":
        '{ "name": "tiny", "exports": { "./jsx-runtime": { "types": "./jsx-runtime.d.ts", "default": "./jsx-runtime.js" } } }',
      "node_modules/tiny/jsx-runtime.js":
        "exports.jsx = exports.jsxs = (type, props) => ({ type: type.name ?? type, ...props }); exports.Fragment = 'fragment';\n",
      "node_modules/tiny/jsx-runtime.d.ts":
        "export declare const jsx: any, jsxs: any, Fragment: any;\nexport declare namespace JSX { interface IntrinsicElements { [name: string]: any } interface Element { type: string } }\n",
      "Hello.tsx":
        "import './hello.css';\nimport logo from './logo.svg';\nexport function Hello({ name }: { name: string }) { return <p title={logo}>{name}</p> }\n",
      "hello.css": ".box { color: red }\n",
      "logo.svg": "<svg/>",
    },
    rows: [
      ["<b>bold</b>", "{ type: 'b', children: 'bold' }"],
      ["import { Hello } from './Hello'; <Hello name='x' />", "{ type: 'Hello', name: 'x' }"],
      ["Hello({ name: 'y' }).type", "'p'"],
      ["<><i/><i/></>", "{ type: 'fragment', children: [ { type: 'i' }, { type: 'i' } ] }"],
      ["<Hello nam='x' />", /TS2322/],
      ["const list = [1, 2].map((k) => <li key={k}>{k}</li>); list.length", "2"],
      ["import classes from './hello.css'; classes.box", "'box'"],
    ],
  },
  {
    title: "JSX with a factory",
    files: { "package.json": "{}", "tsconfig.json": config({ jsx: "react", jsxFactory: "h" }) },
    rows: [
      ["namespace JSX { export interface IntrinsicElements { [name: string]: any } }"],
      ["declare global { namespace JSX { interface IntrinsicElements { [name: string]: any } } }"],
      ["const h = (type: string, props: object | null, ...children: unknown[]) => ({ type, children });"],
      ["<b>{1}</b>", "{ type: 'b', children: [ 1 ] }"],
    ],
  },
]);
