import { json, type Template } from "./template.ts";

const REACT = { react: "^19.0.0", "react-dom": "^19.0.0", "@types/react": "^19.0.0", "@types/react-dom": "^19.0.0" };

export const FRAMEWORKS: Template[] = [
  {
    name: "svelte kit, before its own tsconfig.json was made",
    files: {
      "package.json": json({ name: "kit", private: true, type: "module" }),
      "tsconfig.json": json({
        extends: "./.svelte-kit/tsconfig.json",
        compilerOptions: { allowJs: true, strict: true, paths: { $lib: ["./src/lib"], "$lib/*": ["./src/lib/*"] } },
      }),
      "src/lib/index.ts": "export { cart } from './cart.js';\nexport type { Item } from './cart.js';\n",
      "src/lib/cart.ts":
        "import { derived, get, writable } from 'svelte/store';\nexport interface Item { price: number }\nexport const cart = writable<Item[]>([]);\nexport const total = derived(cart, (items) => items.reduce((sum, { price }) => sum + price, 0));\nexport const now = () => get(total);\n",
      "src/routes/+page.server.ts":
        "import { error } from '@sveltejs/kit';\nimport type { Item } from '$lib';\nexport const load = ({ params }: { params: { id: string } }): { item: Item } => {\n  if (params.id === '0') error(404, 'no such thing');\n  return { item: { price: Number(params.id) } };\n};\n",
    },
    install: { svelte: "^5.0.0", "@sveltejs/kit": "^2.0.0" },
    notebook: "notebooks",
    cells: [
      ["import { cart, Item } from '$lib'; import { now } from '$lib/cart'; now()", "0"],
      ["const items: Item[] = [{ price: 2 }, { price: 3 }]; cart.set(items); now()", "5"],
      ["import { load } from '../src/routes/+page.server'; load({ params: { id: '7' } }).item.price", "7"],
      ["import { isHttpError } from '@sveltejs/kit'; let status = 0;"],
      [
        "try { load({ params: { id: '0' } }) } catch (thrown) { if (isHttpError(thrown)) status = thrown.status } status",
        "404",
      ],
    ],
  },
  {
    name: "react router, with its types' folder among the root folders",
    files: {
      "package.json": json({ name: "router", private: true, type: "module" }),
      "tsconfig.json": json({
        include: ["**/*", "**/.server/**/*", "**/.client/**/*", ".react-router/types/**/*"],
        compilerOptions: {
          lib: ["DOM", "DOM.Iterable", "ES2022"],
          types: ["node"],
          target: "ES2022",
          module: "ES2022",
          moduleResolution: "bundler",
          jsx: "react-jsx",
          rootDirs: [".", "./.react-router/types"],
          paths: { "~/*": ["./app/*"] },
          esModuleInterop: true,
          verbatimModuleSyntax: true,
          noEmit: true,
          strict: true,
          skipLibCheck: true,
        },
      }),
      ".react-router/types/app/routes/+types/home.ts":
        "export namespace Route { export interface ComponentProps { loaderData: { name: string } } }\n",
      "app/routes/home.tsx":
        "import { Link } from 'react-router';\nimport type { Route } from './+types/home';\nexport function loader() { return { name: 'you' } }\nexport default function Home({ loaderData }: Route.ComponentProps) { return <Link to='/about'>{loaderData.name}</Link> }\n",
    },
    install: { ...REACT, "react-router": "^7.0.0", "@types/node": "^20.0.0" },
    cells: [
      ["import Home, { loader } from '~/routes/home'; loader().name", "'you'"],
      ["import { createMemoryRouter, RouterProvider } from 'react-router';"],
      ["const router = createMemoryRouter([{ path: '/', element: <Home loaderData={loader()} /> }]);"],
      [
        "import { renderToStaticMarkup } from 'react-dom/server'; renderToStaticMarkup(<RouterProvider router={router} />).includes('<a href=\"/about\" data-discover=\"true\">you</a>')",
        "true",
      ],
      ["<Home loaderData={{ nam: 'x' }} />", /TS2561/],
    ],
  },
  {
    name: "astro, strict, with a content module",
    files: {
      "package.json": json({ name: "astro-app", private: true, type: "module" }),
      "tsconfig.json": json({
        extends: "astro/tsconfigs/strict",
        include: [".astro/types.d.ts", "**/*"],
        exclude: ["dist"],
        compilerOptions: { baseUrl: ".", paths: { "@components/*": ["src/components/*"], "@/*": ["src/*"] } },
      }),
      "src/pages/feed.json.ts":
        "import type { APIRoute } from 'astro';\nimport { posts } from '@/posts';\nexport const GET: APIRoute = () => new Response(JSON.stringify(posts.map(({ title }) => title)));\n",
      "src/posts.ts":
        "import { z } from 'astro/zod';\nconst Post = z.object({ title: z.string(), draft: z.boolean().default(false) });\nexport type Post = z.infer<typeof Post>;\nexport const posts: Post[] = [{ title: 'one' }, { title: 'two' }].map((post) => Post.parse(post));\n",
    },
    install: { astro: "^5.0.0" },
    cells: [
      ["import { posts, Post } from '@/posts'; posts.length", "2"],
      ["const first: Post = posts[0]; first.draft", "false"],
      ["import { GET } from './src/pages/feed.json.ts'; import type { APIContext } from 'astro';"],
      ["const reply = await GET({} as APIContext); await reply.json()", "[ 'one', 'two' ]"],
      ["posts.push({ title: 'three' })", /TS2345/],
    ],
  },
  {
    name: "drizzle over sql.js",
    files: {
      "package.json": json({ name: "drizzle-app", private: true, type: "module" }),
      "tsconfig.json": json({
        compilerOptions: {
          target: "ES2022",
          module: "esnext",
          moduleResolution: "bundler",
          strict: true,
          noEmit: true,
        },
      }),
      "src/db/schema.ts":
        "import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\nexport const users = sqliteTable('users', { id: integer().primaryKey(), name: text().notNull() });\nexport type User = typeof users.$inferSelect;\n",
      "src/db/index.ts":
        "import { drizzle } from 'drizzle-orm/sql-js';\nimport initSqlJs from 'sql.js';\nimport * as schema from './schema';\nconst sql = await initSqlJs();\nconst client = new sql.Database();\nclient.run('create table users (id integer primary key, name text not null)');\nexport const db = drizzle(client, { schema });\n",
    },
    install: { "drizzle-orm": "^0.44.0", "sql.js": "^1.10.0", "@types/sql.js": "^1.4.9" },
    cells: [
      [
        "import { db } from './src/db'; import { users, User } from './src/db/schema'; import { eq } from 'drizzle-orm';",
      ],
      ["db.insert(users).values([{ name: 'Ada' }, { name: 'Alan' }]).run(); db.select().from(users).all().length", "2"],
      ["const ada: User | undefined = db.select().from(users).where(eq(users.name, 'Ada')).get();"],
      ["if (!ada) throw new Error('nobody')"],
      ["[ada.id, db.query.users.findMany().sync().length]", "[ 1, 2 ]"],
    ],
  },
  {
    name: "effect, with its schemas and layers",
    files: {
      "package.json": json({ name: "effect-app", private: true, type: "module" }),
      "tsconfig.json": json({
        compilerOptions: {
          strict: true,
          exactOptionalPropertyTypes: true,
          moduleDetection: "force",
          composite: true,
          target: "ES2022",
          module: "NodeNext",
          plugins: [{ name: "@effect/language-service" }],
        },
      }),
      "src/Clock.ts":
        "import { Context, Effect, Layer } from 'effect';\nexport class Ticker extends Context.Tag('Ticker')<Ticker, { readonly next: Effect.Effect<number> }>() {\n  static readonly Live = Layer.sync(Ticker, () => { let n = 0; return { next: Effect.sync(() => ++n) } });\n}\n",
      "src/Person.ts":
        "import { Schema } from 'effect';\nexport class Person extends Schema.Class<Person>('Person')({ name: Schema.NonEmptyString, age: Schema.NumberFromString }) {\n  get upper() { return this.name.toUpperCase() }\n}\n",
    },
    install: { effect: "^3.10.0" },
    cells: [
      ["import { Effect, Schema } from 'effect'; import { Person } from './src/Person.js';"],
      [
        "const ada = Schema.decodeUnknownSync(Person)({ name: 'Ada', age: '36' }); [ada.upper, ada.age]",
        "[ 'ADA', 36 ]",
      ],
      [
        "import { Ticker } from './src/Clock.js'; const twice = Effect.gen(function* () { const t = yield* Ticker; yield* t.next; return yield* t.next });",
      ],
      ["await Effect.runPromise(twice.pipe(Effect.provide(Ticker.Live)))", "2"],
      ["await Effect.runPromise(twice)", /TS2379/],
    ],
  },
];
