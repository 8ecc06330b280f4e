import { json, type Template } from "./template.ts";

const vite = (template: string) => ({ package: "vite@7.1.1", args: ["app", "--template", template] });

export const WEB: Template[] = [
  {
    name: "vite: vanilla-ts",
    create: vite("vanilla-ts"),
    cells: [
      ["import { setupCounter } from './src/counter.ts'; typeof setupCounter", "'function'"],
      [
        "const clicks: (() => void)[] = []; const button = { innerHTML: '', addEventListener: (_: string, f: () => void) => clicks.push(f) };",
      ],
      ["setupCounter(button as unknown as HTMLButtonElement); button.innerHTML", "'count is 0'"],
      ["clicks[0](); clicks[0](); button.innerHTML", "'count is 2'"],
      ["import logo from './src/typescript.svg'; logo.endsWith('/src/typescript.svg')", "true"],
    ],
  },
  {
    name: "vite: react-ts",
    create: vite("react-ts"),
    cells: [
      ["import App from './src/App.tsx'; App.name", "'App'"],
      ["import { renderToStaticMarkup } from 'react-dom/server'; const html = renderToStaticMarkup(<App />);"],
      ["html.includes('count is 0')", "true"],
      [
        "import { useState } from 'react'; function Twice({ n }: { n: number }) { const [x] = useState(2 * n); return <b>{x}</b> }",
      ],
      ["renderToStaticMarkup(<Twice n={21} />)", "'<b>42</b>'"],
    ],
  },
  {
    name: "vite: preact-ts",
    create: vite("preact-ts"),
    install: { "preact-render-to-string": "^6.0.0" },
    cells: [
      ["import { App } from './src/app'; typeof App", "'function'"],
      ["import { render } from 'preact-render-to-string'; const html = render(<App />);"],
      ["html.includes('count is 0')", "true"],
      ["import { h } from 'preact'; render(h('i', null, 'x'))", "'<i>x</i>'"],
      ["render(<ul>{[1, 2].map((n) => <li>{n}</li>)}</ul>)", "'<ul><li>1</li><li>2</li></ul>'"],
    ],
  },
  {
    name: "vite: vue-ts, with a module of its own",
    create: vite("vue-ts"),
    files: {
      "src/useCounter.ts":
        "import { computed, ref, type Ref } from 'vue';\nexport function useCounter(start = 0): { n: Ref<number>; twice: Ref<number>; up(): void } {\n  const n = ref(start);\n  return { n, twice: computed(() => n.value * 2), up: () => { n.value++ } };\n}\n",
    },
    cells: [
      ["import { useCounter } from './src/useCounter'; const counter = useCounter(3);"],
      ["counter.up(); counter.twice.value", "8"],
      ["import { createSSRApp, defineComponent, h } from 'vue'; import { renderToString } from 'vue/server-renderer';"],
      [
        "const C = defineComponent({ props: { n: { type: Number, required: true } }, setup: (p) => () => h('p', p.n) });",
      ],
      ["await renderToString(createSSRApp(C, { n: counter.n.value }))", "'<p>4</p>'"],
    ],
  },
  {
    name: "vite: lit-ts, with legacy decorators",
    create: vite("lit-ts"),
    cells: [
      ["import { MyElement } from './src/my-element'; typeof MyElement", "'function'"],
      ["new MyElement().count", "0"],
      ["import { html, LitElement } from 'lit'; import { customElement, property } from 'lit/decorators.js';"],
      [
        "@customElement('x-y') class XY extends LitElement { @property({ type: Number }) n = 2; render() { return html`${this.n}` } }",
      ],
      ["[XY.elementProperties.has('n'), customElements.get('x-y') === XY]", "[ true, true ]"],
    ],
  },
  {
    name: "next: app router, as create-next-app makes it",
    files: {
      "package.json": json({ name: "next-app", private: true }),
      "tsconfig.json": json({
        compilerOptions: {
          ...{
            target: "ES2017",
            lib: ["dom", "dom.iterable", "esnext"],
            allowJs: true,
            skipLibCheck: true,
            strict: true,
          },
          ...{ noEmit: true, esModuleInterop: true, module: "esnext", moduleResolution: "bundler" },
          ...{ resolveJsonModule: true, isolatedModules: true, jsx: "preserve", incremental: true },
          ...{ plugins: [{ name: "next" }], paths: { "@/*": ["./src/*"] } },
        },
        include: ["next-env.d.ts", "**/*.ts", "**/*.tsx"],
      }),
      "next-env.d.ts": '/// <reference types="next" />\n/// <reference types="next/image-types/global" />\n',
      "src/lib/price.ts": "export const price = (cents: number): string => `$${(cents / 100).toFixed(2)}`;\n",
      "src/app/page.module.css": ".page { color: red }\n",
      "src/app/page.tsx":
        "import Link from 'next/link';\nimport { price } from '@/lib/price';\nimport styles from './page.module.css';\nexport const metadata = { title: 'Shop' };\nexport default function Page() { return <main className={styles.page}><Link href='/a'>{price(150)}</Link></main> }\n",
      "src/app/api/hello/route.ts":
        "import { NextResponse } from 'next/server';\nexport async function GET() { return NextResponse.json({ hello: 'world' }) }\n",
    },
    install: {
      next: "^15.0.0",
      react: "^19.0.0",
      "react-dom": "^19.0.0",
      "@types/react": "^19.0.0",
      "@types/react-dom": "^19.0.0",
    },
    notebook: "notebooks",
    cells: [
      ["import { price } from '@/lib/price'; price(123)", "'$1.23'"],
      ["import Page, { metadata } from '@/app/page'; metadata.title", "'Shop'"],
      [
        "import { renderToStaticMarkup } from 'react-dom/server'; renderToStaticMarkup(<Page />)",
        '\'<main class="page"><a href="/a">$1.50</a></main>\'',
      ],
      [
        "import { GET } from '../src/app/api/hello/route'; const reply = await GET(); await reply.json()",
        "{ hello: 'world' }",
      ],
      [
        "import type { NextConfig } from 'next'; const config: NextConfig = { reactStrictMode: true }; config.reactStrictMode",
        "true",
      ],
    ],
  },
  {
    name: "redux toolkit with React, JavaScript and TypeScript mixed",
    files: {
      "package.json": json({ name: "mixed", private: true }),
      "tsconfig.json": json({
        compilerOptions: {
          target: "es5",
          lib: ["dom", "esnext"],
          allowJs: true,
          jsx: "react-jsx",
          module: "esnext",
          moduleResolution: "node",
          baseUrl: "src",
          strict: true,
        },
      }),
      "src/store.js":
        "import { configureStore } from '@reduxjs/toolkit';\nimport counter from 'counterSlice';\nexport const store = configureStore({ reducer: { counter } });\n",
      "src/counterSlice.ts":
        "import { createSlice, PayloadAction } from '@reduxjs/toolkit';\nconst slice = createSlice({ name: 'counter', initialState: { value: 0 }, reducers: { add(s, a: PayloadAction<number>) { s.value += a.payload } } });\nexport const { add } = slice.actions;\nexport default slice.reducer;\n",
      "src/View.jsx": "export const View = ({ n }) => <b>{n}</b>;\n",
    },
    install: {
      "@reduxjs/toolkit": "^2.0.0",
      react: "^19.0.0",
      "react-dom": "^19.0.0",
      "@types/react": "^19.0.0",
      "@types/react-dom": "^19.0.0",
    },
    cells: [
      ["import { store } from './src/store'; store.getState().counter.value", "0"],
      ["import { add } from 'counterSlice'; store.dispatch(add(5)).payload", "5"],
      ["store.getState().counter.value", "5"],
      ["import { View } from './src/View'; import { renderToString } from 'react-dom/server';"],
      ["renderToString(<View n={store.getState().counter.value} />)", "'<b>5</b>'"],
    ],
  },
];
