import type TS from "typescript";
import { ts } from "../transform/typescript.ts";
import type { CellModule } from "./cells.ts";
import type { Resolver } from "./resolver.ts";

/** The parts of TypeScript that its type declarations leave out; the compiler's version is pinned. */
interface InternalChecker extends TS.TypeChecker {
  getDiagnostics(file: TS.SourceFile): TS.Diagnostic[];
}
interface Resolution {
  resolvedModule: TS.ResolvedModuleFull | undefined;
}
type GetResolvedModule = (file: TS.SourceFile, name: string, mode: TS.ResolutionMode) => Resolution | undefined;
interface InternalProgram extends TS.Program {
  getResolvedModule: GetResolvedModule;
}
interface InternalSourceFile extends TS.SourceFile {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  imports: TS.StringLiteralLike[];
  moduleAugmentations: unknown[];
  ambientModuleNames: string[];
  packageJsonScope?: unknown;
}
const bindSourceFile = (ts as unknown as { bindSourceFile: (file: TS.SourceFile, options: TS.CompilerOptions) => void })
  .bindSourceFile;

/**
 * Adds modules to a program whose checker exists already. The checker asks its program for files and resolutions
 * whenever it meets an import, so answering for the new files is all it takes; a module changes no global scope.
 */
export class Overlay {
  readonly #program: InternalProgram;
  readonly #options: TS.CompilerOptions;
  readonly #resolver: Resolver;
  readonly #files = new Map<string, InternalSourceFile>();
  readonly #resolutions = new Map<string, Map<string, Resolution>>();
  checked = 0;

  constructor(program: TS.Program, options: TS.CompilerOptions, resolver: Resolver) {
    this.#resolver = resolver;
    this.#program = program as InternalProgram;
    this.#options = options;
    this.#extend();
  }

  /** Diagnostics, or undefined when the module needs a file the program does not have. A module takes its own place. */
  check(module: CellModule): readonly TS.Diagnostic[] | undefined {
    // JSX brings an import of its own.
    if (module.fileName.endsWith(".tsx")) return undefined;
    const isAgain = this.#files.has(module.fileName);
    if (!isAgain && this.#program.getSourceFile(module.fileName)) return undefined;
    const file = this.#parse(module);
    const resolutions = this.#resolve(file);
    if (!resolutions) return undefined;
    this.checked += 1;
    this.#files.set(file.fileName, file);
    this.#resolutions.set(file.fileName, resolutions);
    bindSourceFile(file, this.#options);
    const { parseDiagnostics } = file as unknown as { parseDiagnostics: TS.Diagnostic[] };
    const found = (this.#program.getTypeChecker() as InternalChecker).getDiagnostics(file);
    // TypeScript keeps them by name: those of another form of this module may be among them.
    return [...parseDiagnostics, ...found.filter((diagnostic) => !diagnostic.file || diagnostic.file === file)];
  }

  #parse({ fileName, text }: CellModule): InternalSourceFile {
    const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext, true) as InternalSourceFile;
    const specifiers = importedBy(file);
    return Object.assign(file, {
      path: fileName,
      resolvedPath: fileName,
      originalFileName: fileName,
      imports: specifiers,
      moduleAugmentations: [],
      ambientModuleNames: [],
    });
  }

  /** Every specifier must lead to another cell or to a file that the program has read. */
  #resolve(file: InternalSourceFile): Map<string, Resolution> | undefined {
    const resolutions = new Map<string, Resolution>();
    for (const { text } of file.imports) {
      const resolution = this.#resolveOne(text, file.fileName);
      if (!resolution) return undefined;
      resolutions.set(text, resolution);
    }
    return resolutions;
  }

  #resolveOne(specifier: string, importer: string): Resolution | undefined {
    const { resolvedModule } = this.#resolver.resolve(specifier, importer, ts.ModuleKind.ESNext);
    if (resolvedModule) return this.#has(resolvedModule.resolvedFileName) ? { resolvedModule } : undefined;
    return this.#isAmbient(specifier) ? { resolvedModule: undefined } : undefined;
  }

  #has(fileName: string): boolean {
    return this.#files.has(fileName) || this.#program.getSourceFile(fileName) !== undefined;
  }

  #isAmbient(specifier: string): boolean {
    return this.#program
      .getTypeChecker()
      .getAmbientModules()
      .some((module) => module.name === `"${specifier}"`);
  }

  #extend(): void {
    const program = this.#program;
    const getSourceFile = program.getSourceFile.bind(program);
    const getResolvedModule = program.getResolvedModule.bind(program);
    program.getSourceFile = (name) => this.#files.get(name) ?? getSourceFile(name);
    program.getResolvedModule = (file, name, mode) =>
      this.#resolutions.get(file.fileName)?.get(name) ?? getResolvedModule(file, name, mode);
  }
}

function importedBy(file: TS.SourceFile): TS.StringLiteralLike[] {
  const found: TS.StringLiteralLike[] = [];
  const visit = (node: TS.Node): void => {
    const literal = specifierOf(node);
    if (literal && ts.isStringLiteralLike(literal)) found.push(literal);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function specifierOf(node: TS.Node): TS.Node | undefined {
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  const isCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isCall ? node.arguments[0] : undefined;
}
