import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { pathToFileURL } from "node:url";
import { assetExports } from "./assets.ts";
import type { Followers } from "./followers.ts";
import { isNodeModule } from "./format.ts";
import { namespaceOf } from "./interop.ts";
import { type Loaded, newLoaded, waitsFor } from "./loaded.ts";
import type { Resolver, Target } from "./resolve.ts";
import { runSource, type Scope } from "./run.ts";
import type { Source, Sources } from "./sources.ts";
import type { Tsconfigs } from "./tsconfig.ts";
import { versionsBelow } from "./versions.ts";

interface Parts {
  sources: Sources;
  resolver: Resolver;
  tsconfigs: Tsconfigs;
  followers: Followers;
}

type Namespace = Record<string, unknown>;
const OWN: readonly string[] = ["source", "data", "asset"];

/** The project's files as modules: each runs once for every version of it, whoever imports or requires it. */
export class Modules {
  readonly #parts: Parts;
  readonly #latest = new Map<string, Loaded>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** `import()` in a file; for cells, `fresh`, files are looked for again. @throws whatever loading throws */
  async import(specifier: string, importer: string, options?: ImportCallOptions, fresh = false): Promise<Namespace> {
    if (fresh) this.#parts.resolver.forget();
    const target = this.#parts.resolver.resolve(specifier, importer, "import");
    if (!OWN.includes(target.kind)) return this.#foreign(target, importer, options);
    const loaded = this.#load(target.path);
    await this.#evaluate(loaded, undefined);
    return this.#namespace(loaded, target, importer);
  }

  /** `require()` in a file. @throws whatever loading throws */
  require(specifier: string, importer: string): unknown {
    const target = this.#parts.resolver.resolve(specifier, importer, "require");
    if (target.kind === "types") return {};
    if (!OWN.includes(target.kind)) return createRequire(importer)(target.path);
    const loaded = this.#load(target.path);
    this.#evaluateNow(loaded);
    return target.kind === "asset" ? assetExports(target).default : loaded.module.exports;
  }

  /** The `require` of a file. */
  requireFor(importer: string): NodeJS.Require {
    const own = (specifier: string) => this.require(String(specifier), importer);
    const node = createRequire(importer);
    const resolve = Object.assign(
      (specifier: string) =>
        isBuiltin(specifier) ? specifier : this.#parts.resolver.resolve(specifier, importer, "require").path,
      { paths: node.resolve.paths },
    );
    return Object.assign(own, { resolve, cache: node.cache, extensions: node.extensions, main: node.main });
  }

  #load(path: string): Loaded {
    const looked = new Map<string, Source>();
    const look = (wanted: string): Source => {
      const source = looked.get(wanted) ?? this.#parts.sources.look(wanted);
      looked.set(wanted, source);
      return source;
    };
    const versions = versionsBelow(path, (wanted) => {
      const source = look(wanted);
      return { hash: source.hash, imports: this.#importsOf(source) };
    });
    for (const [each, version] of versions) this.#keep(look(each), version, versions);
    return this.#latest.get(path) as Loaded;
  }

  /** A version that has failed is tried again. */
  #keep(source: Source, version: string, versions: ReadonlyMap<string, string>): void {
    const known = this.#latest.get(source.path);
    if (known?.version === version && known.state !== "failed") return;
    this.#latest.set(source.path, newLoaded(source, version, versions, this.#parts.followers));
  }

  #importsOf({ path, module }: Source): string[] {
    const targets = (module?.imports ?? []).map((specifier) => this.#parts.resolver.find(specifier, path, "import"));
    return targets.flatMap((target) => (target && OWN.includes(target.kind) ? [target.path] : []));
  }

  /** Waits for a run that has begun, unless that run waits for us. */
  async #evaluate(loaded: Loaded, from: Loaded | undefined): Promise<void> {
    if (loaded.state === "done") return;
    if (loaded.state === "failed") throw loaded.error;
    if (from && waitsFor(loaded, from)) return;
    if (loaded.state === "running" && !loaded.promise) return;
    loaded.promise ??= this.#settle(loaded, this.#run(loaded));
    if (from) from.waitsFor = loaded;
    try {
      await loaded.promise;
    } finally {
      if (from) from.waitsFor = undefined;
    }
  }

  async #settle(loaded: Loaded, run: Promise<void>): Promise<void> {
    try {
      await run;
      finish(loaded);
    } catch (error) {
      fail(loaded, error);
      throw error;
    } finally {
      loaded.promise = undefined;
    }
  }

  async #run(loaded: Loaded): Promise<void> {
    loaded.state = "running";
    const { source } = loaded;
    if (source.kind !== "source") {
      fill(loaded);
      return;
    }
    const links = new Map<string, () => unknown>();
    for (const specifier of source.module?.links ?? []) {
      const target = this.#parts.resolver.resolve(specifier, source.path, "import");
      if (OWN.includes(target.kind)) {
        const dependency = this.#dependency(loaded, target.path);
        await this.#evaluate(dependency, loaded);
        links.set(specifier, () => this.#namespace(dependency, target, source.path));
      } else {
        const namespace = await this.#foreign(target, source.path);
        links.set(specifier, () => namespace);
      }
    }
    await runSource(loaded, this.#scope(source.path, links));
  }

  #evaluateNow(loaded: Loaded): void {
    if (loaded.state === "done" || loaded.state === "running") return;
    if (loaded.state === "failed") throw loaded.error;
    loaded.state = "running";
    try {
      this.#runNow(loaded);
      finish(loaded);
    } catch (error) {
      fail(loaded, error);
      throw error;
    }
  }

  #runNow(loaded: Loaded): void {
    const { source } = loaded;
    if (source.kind !== "source") {
      fill(loaded);
      return;
    }
    if (source.module?.awaits) throw cannotRequire(source.path);
    const links = new Map<string, () => unknown>();
    for (const specifier of source.module?.links ?? []) links.set(specifier, this.#linkNow(loaded, specifier));
    runSource(loaded, this.#scope(source.path, links));
  }

  #linkNow(loaded: Loaded, specifier: string): () => unknown {
    const { path } = loaded.source;
    const target = this.#parts.resolver.resolve(specifier, path, "import");
    if (target.kind === "types") return () => ({});
    if (!OWN.includes(target.kind)) {
      const exports = createRequire(path)(target.path);
      return () => (target.isModule ? exports : namespaceOf(exports, this.#asNode(path)));
    }
    const dependency = this.#dependency(loaded, target.path);
    this.#evaluateNow(dependency);
    return () => this.#namespace(dependency, target, path);
  }

  /** The version that belongs to this one: files may have changed since. */
  #dependency({ versions }: Loaded, path: string): Loaded {
    const known = this.#latest.get(path);
    return known && known.version === versions.get(path) ? known : this.#load(path);
  }

  async #foreign(target: Target, importer: string, options?: ImportCallOptions): Promise<Namespace> {
    if (target.kind === "types") return {};
    if (target.path.startsWith("data:")) return (await import(target.path, options)) as Namespace;
    if (target.isModule) return (await import(pathToFileURL(target.path).href, options)) as Namespace;
    return namespaceOf(createRequire(importer)(target.path), this.#asNode(importer)) as Namespace;
  }

  #namespace({ source, module }: Loaded, target: Target, importer: string): Namespace {
    if (target.kind === "asset") return assetExports(target);
    // `export =` in a file with imports leaves what any CommonJS module does.
    const asNode = !source.module?.isModule && this.#asNode(importer);
    return namespaceOf(module.exports, asNode) as Namespace;
  }

  #asNode(importer: string): boolean {
    return isNodeModule(importer, this.#parts.tsconfigs.of(importer).options.module);
  }

  #scope(path: string, links: Map<string, () => unknown>): Scope {
    return {
      require: this.requireFor(path),
      link: (specifier) => links.get(specifier)?.(),
      import: (specifier, options) => this.import(String(specifier), path, options),
      resolve: (specifier) => {
        const { kind, path: found } = this.#parts.resolver.resolve(specifier, path, "import");
        return kind === "builtin" ? found : pathToFileURL(found).href;
      },
    };
  }
}

function finish(loaded: Loaded): void {
  loaded.state = "done";
  loaded.module.loaded = true;
}

function fail(loaded: Loaded, error: unknown): void {
  loaded.state = "failed";
  loaded.error = error;
}

function fill({ source, module }: Loaded): void {
  if (source.kind === "data") module.exports = JSON.parse(readFileSync(source.path, "utf8").replace(/^\uFEFF/, ""));
}

function cannotRequire(path: string): Error {
  const message = `require() cannot load ${path}, which awaits at its top level; import it instead`;
  return Object.assign(new Error(message), { code: "ERR_REQUIRE_ASYNC_MODULE" });
}
