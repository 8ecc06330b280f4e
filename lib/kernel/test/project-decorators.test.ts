import { config, describeProjects } from "./project.ts";

describeProjects("decorators", [
  {
    title: "legacy decorators, of parameters too, with their metadata",
    files: {
      "package.json": "{}",
      "tsconfig.json": config({ experimentalDecorators: true, emitDecoratorMetadata: true, target: "ES2022" }),
      "deco.ts": `
export const seen: unknown[] = [];
(Reflect as any).metadata ??= (key: string, value: unknown) => () => { seen.push(key, value) };
export const Inject = (name: string): ParameterDecorator => (_target, key, index) => { seen.push(name, key, index) };
export function Injectable(): ClassDecorator { return (target) => { seen.push(target.name) } }
@Injectable()
export class Service { constructor(@Inject('x') private readonly x: string, private y: number) {} }
`,
    },
    rows: [
      ["import { seen, Inject, Injectable, Service } from './deco.ts'; seen.slice(2).join()", "'x,,0,Service'"],
      [
        "seen.length = 0; @Injectable() class Mine { constructor(@Inject('z') public s: Service) {} } seen.slice(1)",
        undefined,
      ],
      [
        "[seen[0], (seen[1] as unknown[])[0] === Service, ...seen.slice(2)]",
        "[ 'design:paramtypes', true, 'z', undefined, 0, 'Mine' ]",
      ],
      [
        "class Only { @((Reflect as any).metadata('a', 1)) method(@Inject('m') x: Date) {} } new Only() instanceof Only",
        "true",
      ],
      ["new Mine(new Service('a', 1)).s instanceof Service", "true"],
    ],
  },
  {
    title: "decorators as the language has them",
    files: { "package.json": "{}" },
    rows: [
      [
        "const log: string[] = []; function d(value: unknown, c: DecoratorContext) { log.push(`${c.kind} ${String(c.name)}`) }",
      ],
      ["@d class K { @d m() {} @d accessor a = 1; @d f = 2 } new K().a", "1"],
      ["log", "[ 'method m', 'accessor a', 'field f', 'class K' ]"],
    ],
  },
]);
