import { join } from "node:path";
import type TS from "typescript";
import { LIBRARIES, ts } from "../transform/typescript.ts";
import type { CellModule } from "./cells.ts";
import { GLOBALS_TEXT, globalsFile } from "./globals.ts";
import type { Project } from "./project.ts";
import { registry } from "./registry.ts";
import { Resolver } from "./resolver.ts";

/** A TypeScript LanguageService over the notebook's cells and the files they import. */
export class Service {
  options: TS.CompilerOptions;
  readonly #folder: string;
  readonly #virtual = new Map<string, { text: string; version: number }>();
  readonly #service: TS.LanguageService;
  readonly resolver: Resolver;
  #versions = 0;
  /** Versions of files on disk, read again when `refresh` is called. */
  #stamps = new Map<string, string>();

  /** Declarations of the project that no import leads to. */
  readonly #ambient: string[];
  #browser: string[];

  constructor(folder: string, { options, ambient, browser }: Project) {
    this.#folder = folder;
    this.options = options;
    this.#ambient = ambient;
    this.#browser = browser;
    this.#set(globalsFile(folder), GLOBALS_TEXT);
    const host = this.#host();
    this.resolver = new Resolver(options, host, folder);
    this.#service = ts.createLanguageService(host, registry);
  }

  /** Makes the service's cells exactly these. */
  setCells(modules: Iterable<CellModule>): void {
    const wanted = new Map([...modules].map(({ fileName, text }) => [fileName, text]));
    wanted.set(globalsFile(this.#folder), GLOBALS_TEXT);
    for (const fileName of this.#virtual.keys()) if (!wanted.has(fileName)) this.#virtual.delete(fileName);
    for (const [fileName, text] of wanted) this.#set(fileName, text);
  }

  /** Looks at the dates of the project's files again; true if any has changed since they were read. */
  refresh(): boolean {
    const before = this.#stamps;
    this.#stamps = new Map();
    this.resolver.forget();
    return [...before].some(([fileName, stamp]) => this.#stamp(fileName) !== stamp);
  }

  /** Whether there are libraries that were not read yet. */
  get isNarrow(): boolean {
    return this.#browser.length > 0;
  }

  /** Reads them. */
  widen(): void {
    this.options = { ...this.options, lib: [...(this.options.lib ?? []), ...this.#browser] };
    this.#browser = [];
  }

  program(): TS.Program {
    return this.#service.getProgram() as TS.Program;
  }

  get language(): TS.LanguageService {
    return this.#service;
  }

  #set(fileName: string, text: string): void {
    if (this.#virtual.get(fileName)?.text === text) return;
    this.#versions += 1;
    this.#virtual.set(fileName, { text, version: this.#versions });
  }

  #stamp(fileName: string): string {
    let stamp = this.#stamps.get(fileName);
    if (stamp === undefined) {
      // Installed packages do not change under a running kernel, and there are thousands of files in them.
      stamp = fileName.includes("/node_modules/") ? "1" : `${ts.sys.getModifiedTime?.(fileName)?.getTime()}`;
      this.#stamps.set(fileName, stamp);
    }
    return stamp;
  }

  #host(): TS.LanguageServiceHost & TS.ModuleResolutionHost {
    const { sys } = ts;
    const virtual = this.#virtual;
    const readFile = (name: string) => virtual.get(name)?.text ?? sys.readFile(name);
    return {
      getCompilationSettings: () => this.options,
      getScriptFileNames: () => [...this.#ambient, ...virtual.keys()],
      getScriptVersion: (name) => virtual.get(name)?.version.toString() ?? this.#stamp(name),
      getScriptSnapshot: (name) => {
        const text = readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => this.#folder,
      getDefaultLibFileName: (options) => join(LIBRARIES, ts.getDefaultLibFileName(options)),
      useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
      fileExists: (name) => virtual.has(name) || sys.fileExists(name),
      readFile,
      resolveModuleNameLiterals: (literals, importer, _redirect, options, file) =>
        literals.map((literal) => {
          const mode = ts.getModeForUsageLocation(file, literal, options);
          return this.resolver.resolve(literal.text, importer, mode);
        }),
      readDirectory: sys.readDirectory,
      directoryExists: sys.directoryExists,
      getDirectories: sys.getDirectories,
      realpath: sys.realpath,
    };
  }
}
