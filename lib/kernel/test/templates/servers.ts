import { json, type Template } from "./template.ts";

const NODE = { target: "ES2022", strict: true, esModuleInterop: true, skipLibCheck: true };

export const SERVERS: Template[] = [
  {
    name: "nest, as nest new makes it",
    files: {
      "package.json": json({ name: "nest-app", private: true }),
      "tsconfig.json": json({
        compilerOptions: {
          ...{
            module: "nodenext",
            moduleResolution: "nodenext",
            resolvePackageJsonExports: true,
            esModuleInterop: true,
          },
          ...{ isolatedModules: true, declaration: true, removeComments: true, emitDecoratorMetadata: true },
          ...{ experimentalDecorators: true, allowSyntheticDefaultImports: true, target: "ES2023", sourceMap: true },
          ...{
            outDir: "./dist",
            baseUrl: "./",
            incremental: true,
            skipLibCheck: true,
            strictNullChecks: true,
            noImplicitAny: false,
          },
        },
      }),
      "src/app.service.ts":
        "import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class AppService { getHello(): string { return 'Hello World!' } }\n",
      "src/app.controller.ts":
        "import { Controller, Get, Param } from '@nestjs/common';\nimport { AppService } from './app.service';\n@Controller()\nexport class AppController {\n  constructor(private readonly appService: AppService) {}\n  @Get() getHello(): string { return this.appService.getHello() }\n  @Get('echo/:text') echo(@Param('text') text: string): string { return text }\n}\n",
      "src/app.module.ts":
        "import { Module } from '@nestjs/common';\nimport { AppController } from './app.controller';\nimport { AppService } from './app.service';\n@Module({ imports: [], controllers: [AppController], providers: [AppService] })\nexport class AppModule {}\n",
    },
    install: {
      "@nestjs/common": "^11.0.0",
      "@nestjs/core": "^11.0.0",
      "@nestjs/platform-express": "^11.0.0",
      "@nestjs/testing": "^11.0.0",
      "reflect-metadata": "^0.2.0",
      rxjs: "^7.8.0",
    },
    cells: [
      [
        "import 'reflect-metadata'; import { NestFactory } from '@nestjs/core'; import { AppModule } from './src/app.module';",
      ],
      [
        "const app = await NestFactory.create(AppModule, { logger: false }); await app.listen(0); const url = await app.getUrl();",
      ],
      ["await (await fetch(url)).text() + ' ' + await (await fetch(`${url}/echo/you`)).text()", "'Hello World! you'"],
      [
        "import { Injectable } from '@nestjs/common'; import { AppService } from './src/app.service'; @Injectable() class Loud { constructor(private readonly inner: AppService) {} say() { return this.inner.getHello().toUpperCase() } }",
      ],
      [
        "import { Test } from '@nestjs/testing'; const testing = await Test.createTestingModule({ providers: [AppService, Loud] }).compile(); await app.close(); testing.get(Loud).say()",
        "'HELLO WORLD!'",
      ],
    ],
  },
  {
    name: "express with TypeScript, CommonJS",
    files: {
      "package.json": json({ name: "express-app", private: true, main: "dist/index.js" }),
      "tsconfig.json": json({ compilerOptions: { ...NODE, module: "commonjs", rootDir: "./src", outDir: "./dist" } }),
      "src/app.ts":
        "import express, { Request, Response } from 'express';\nimport users from './routes/users';\nconst app = express();\napp.use('/users', users);\napp.get('/', (_req: Request, res: Response) => { res.send('root of ' + __dirname.split('/').pop()) });\nexport = app;\n",
      "src/routes/users.ts":
        "import { Router } from 'express';\nconst router = Router();\nrouter.get('/:id', (req, res) => { res.json({ id: Number(req.params.id) }) });\nexport default router;\n",
    },
    install: { express: "^5.0.0", "@types/express": "^5.0.0", supertest: "^7.0.0", "@types/supertest": "^6.0.0" },
    cells: [
      ["import app from './src/app'; import request from 'supertest';"],
      ["(await request(app).get('/users/7')).body.id", "7"],
      ["(await request(app).get('/')).text", "'root of src'"],
      [
        "import { Request, Response, NextFunction } from 'express'; const log: string[] = []; const mw = (req: Request, _res: Response, next: NextFunction) => { log.push(req.path); next() };",
      ],
      [
        "import express = require('express'); const other = express(); other.use(mw, app); await request(other).get('/users/1'); log[0]",
        "'/users/1'",
      ],
    ],
  },
  {
    name: "fastify with TypeBox",
    files: {
      "package.json": json({ name: "fastify-app", type: "module", private: true }),
      "tsconfig.json": json({ compilerOptions: { ...NODE, module: "NodeNext", moduleResolution: "NodeNext" } }),
      "src/server.ts":
        "import Fastify from 'fastify';\nimport { Static, Type } from '@sinclair/typebox';\nexport const Item = Type.Object({ name: Type.String(), price: Type.Number() });\nexport type Item = Static<typeof Item>;\nexport const server = Fastify();\nserver.post<{ Body: Item }>('/items', { schema: { body: Item } }, async (req) => ({ ...req.body, price: req.body.price * 2 }));\n",
    },
    install: { fastify: "^5.0.0", "@sinclair/typebox": "^0.34.0" },
    notebook: "notebooks",
    cells: [
      ["import { Item, server } from '../src/server.js'; const item: Item = { name: 'a', price: 2 };"],
      ["const ok = await server.inject({ method: 'POST', url: '/items', payload: item }); ok.json().price", "4"],
      ["(await server.inject({ method: 'POST', url: '/items', payload: {} })).statusCode", "400"],
      ["import { Value } from '@sinclair/typebox/value'; Value.Check(Item, item)", "true"],
      [
        "import Fastify, { FastifyInstance } from 'fastify'; const f: FastifyInstance = Fastify(); typeof f.listen",
        "'function'",
      ],
    ],
  },
  {
    name: "hono, as create-hono makes it",
    files: {
      "package.json": json({ name: "hono-app", type: "module", private: true }),
      "tsconfig.json": json({
        compilerOptions: {
          target: "ESNext",
          module: "NodeNext",
          strict: true,
          verbatimModuleSyntax: true,
          skipLibCheck: true,
          types: ["node"],
          jsx: "react-jsx",
          jsxImportSource: "hono/jsx",
          outDir: "./dist",
        },
        exclude: ["node_modules"],
      }),
      "src/index.tsx":
        "import { Hono } from 'hono';\nimport { Layout } from './layout.js';\nexport const app = new Hono();\napp.get('/', (c) => c.text('Hello Hono!'));\napp.get('/page', (c) => c.html(<Layout title='T'>in</Layout>));\n",
      "src/layout.tsx":
        "import type { PropsWithChildren } from 'hono/jsx';\nexport const Layout = ({ title, children }: PropsWithChildren<{ title: string }>) => <h1 title={title}>{children}</h1>;\n",
    },
    install: { hono: "^4.0.0", "@types/node": "^20.0.0" },
    cells: [
      ["import { app } from './src/index'; await (await app.request('/')).text()", "'Hello Hono!'"],
      ["await (await app.request('/page')).text()", `'<h1 title="T">in</h1>'`],
      ["import { Layout } from './src/layout.tsx'; String(<Layout title='x'>y</Layout>)", `'<h1 title="x">y</h1>'`],
      ["import { Hono, Context } from 'hono'; const sub = new Hono().get('/a', (c: Context) => c.json({ a: 1 }));"],
      ["new Hono().route('/sub', sub).routes.some(({ path }) => path === '/sub/a')", "true"],
    ],
  },
  {
    name: "trpc with zod",
    files: {
      "package.json": json({ name: "trpc-app", private: true, type: "module" }),
      "tsconfig.json": json({ extends: "@tsconfig/node20/tsconfig.json", compilerOptions: { noEmit: true } }),
      "src/router.ts":
        "import { initTRPC } from '@trpc/server';\nimport { z } from 'zod';\nconst t = initTRPC.create();\nexport const appRouter = t.router({ greet: t.procedure.input(z.object({ name: z.string() })).query(({ input }) => `hello ${input.name}`) });\nexport type AppRouter = typeof appRouter;\nexport const createCaller = t.createCallerFactory(appRouter);\n",
    },
    install: { "@trpc/server": "^11.0.0", zod: "^3.23.0", "@tsconfig/node20": "^20.0.0" },
    cells: [
      ["import { AppRouter, createCaller } from './src/router.js'; const caller = createCaller({});"],
      ["await caller.greet({ name: 'you' })", "'hello you'"],
      ["import { z } from 'zod'; const User = z.object({ age: z.number().min(0) }); type User = z.infer<typeof User>;"],
      ["const u: User = User.parse({ age: 3 }); u.age", "3"],
      ["enum Level { Low = 1, High } z.nativeEnum(Level).parse(2) === Level.High", "true"],
    ],
  },
  {
    name: "typeorm entities with metadata",
    files: {
      "package.json": json({ name: "orm", private: true }),
      "tsconfig.json": json({
        compilerOptions: {
          lib: ["es5", "es6"],
          target: "es5",
          module: "commonjs",
          moduleResolution: "node",
          outDir: "./build",
          emitDecoratorMetadata: true,
          experimentalDecorators: true,
          sourceMap: true,
        },
      }),
      "src/entity/User.ts":
        "import { Entity, PrimaryGeneratedColumn, Column } from 'typeorm';\n@Entity()\nexport class User {\n  @PrimaryGeneratedColumn() id: number;\n  @Column() firstName: string;\n  @Column({ default: 0 }) age: number;\n}\n",
      "src/data-source.ts":
        "import 'reflect-metadata';\nimport { DataSource } from 'typeorm';\nimport { User } from './entity/User';\nexport const AppDataSource = new DataSource({ type: 'sqljs', synchronize: true, entities: [User] });\n",
    },
    install: { typeorm: "^0.3.20", "reflect-metadata": "^0.2.0", "sql.js": "^1.10.0", typescript: "^5.9.0" },
    cells: [
      [
        "import { AppDataSource } from './src/data-source'; import { User } from './src/entity/User'; await AppDataSource.initialize();",
      ],
      [
        "const user = new User(); user.firstName = 'Ada'; user.age = 36; const saved = await AppDataSource.manager.save(user); saved.id",
        "1",
      ],
      ["await AppDataSource.manager.countBy(User, { firstName: 'Ada' })", "1"],
      [
        "AppDataSource.getMetadata(User).columns.map((c) => `${c.propertyName}:${(c.type as any).name}`).join()",
        "'id:Number,firstName:String,age:Number'",
      ],
      ["await AppDataSource.destroy(); AppDataSource.isInitialized", "false"],
    ],
  },
];
