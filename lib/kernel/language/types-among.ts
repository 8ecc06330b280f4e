import { readCell } from "../transform/read-cell.ts";
import { ts } from "../transform/typescript.ts";
import type { Cells } from "./cells.ts";
import type { Service } from "./service.ts";

interface Parts {
  cells: Cells;
  service: Service;
}

/** Those of a module's exports of which nothing is left at run time: interfaces, type aliases and the like. */
export function typesAmong({ cells, service }: Parts, specifier: string, names: string[]): string[] {
  const aliases = names.map((name, i) => `${name} as __type_${i}`);
  const code = `import { ${aliases.join(", ")} } from ${JSON.stringify(specifier)};`;
  const module = cells.module({ cell: "types", label: "*", code, text: readCell(code) });
  service.setCells([...cells.modules.values(), module]);
  const program = service.program();
  const checker = program.getTypeChecker();
  const found: string[] = [];
  ts.forEachChild(program.getSourceFile(module.fileName) as ReturnType<typeof ts.createSourceFile>, (statement) => {
    if (!ts.isImportDeclaration(statement)) return;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) return;
    for (const { name, propertyName } of bindings.elements) {
      const alias = checker.getSymbolAtLocation(name);
      const { flags } = alias ? checker.getAliasedSymbol(alias) : { flags: 0 };
      if ((flags & ts.SymbolFlags.Type) !== 0 && (flags & ts.SymbolFlags.Value) === 0)
        found.push(propertyName?.text ?? name.text);
    }
  });
  return found;
}
