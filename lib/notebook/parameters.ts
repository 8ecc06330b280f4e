import ts from "typescript";
import { UserError } from "../util/errors.ts";
import { type Cell, hasTag, type Notebook, sourceOf } from "./notebook.ts";

/**
 * Parameters by papermill's conventions: the cell tagged `parameters` declares them with their defaults, and a cell
 * tagged `injected-parameters` right after it sets the given ones. It assigns instead of declaring, so that the
 * declared types hold: an impossible value is a type error of that cell. The block keeps it from showing a value.
 */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

const INJECTED = "injected-parameters";

/** Names declared by `let` at the top level of a cell, and those that cannot be set because they are `const`. */
function declaredIn(source: string): { settable: string[]; constant: string[] } {
  const found: { settable: string[]; constant: string[] } = { settable: [], constant: [] };
  for (const statement of ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest).statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const kind = statement.declarationList.flags & ts.NodeFlags.Const ? "constant" : "settable";
    for (const { name } of statement.declarationList.declarations)
      if (ts.isIdentifier(name)) found[kind].push(name.text);
  }
  return found;
}

/** The parameters a notebook declares: the variables of its cell tagged `parameters`. */
export function declaredParameters({ cells }: Notebook): string[] {
  const cell = cells.find((candidate) => hasTag(candidate, "parameters"));
  return cell ? declaredIn(sourceOf(cell)).settable : [];
}

function check(cell: Cell | undefined, names: readonly string[]): void {
  const { settable, constant } = cell ? declaredIn(sourceOf(cell)) : { settable: [], constant: [] };
  for (const name of names) {
    if (constant.includes(name)) throw new UserError(`the parameter ${name} is a constant`, `declare it with "let"`);
    if (settable.includes(name)) continue;
    const known = settable.length > 0 ? `its parameters are ${settable.join(", ")}` : "it declares none";
    throw new UserError(`the notebook has no parameter ${name}`, `${known}: see its cell tagged "parameters"`);
  }
}

/** A copy of the notebook with the parameters set; an injected cell of an earlier run is replaced. */
export function withParameters(notebook: Notebook, parameters: Parameters): Notebook {
  const names = Object.keys(parameters);
  if (names.length === 0) return notebook;
  const cells = notebook.cells.filter((cell) => !hasTag(cell, INJECTED));
  const at = cells.findIndex((cell) => hasTag(cell, "parameters"));
  check(cells[at], names);
  for (const [name, value] of Object.entries(parameters))
    if (typeof value === "number" && !Number.isFinite(value))
      throw new UserError(`the parameter ${name} is ${value}`, "give a finite number");
  const injected: Cell = {
    cell_type: "code",
    execution_count: null,
    ...(notebook.nbformat_minor >= 5 ? { id: INJECTED } : {}),
    metadata: { tags: [INJECTED] },
    outputs: [],
    source: `{\n${names.map((name) => `  ${name} = ${JSON.stringify(parameters[name])};`).join("\n")}\n}`,
  };
  const papermill = { ...(notebook.metadata.papermill as object | undefined), parameters };
  return { ...notebook, cells: cells.toSpliced(at + 1, 0, injected), metadata: { ...notebook.metadata, papermill } };
}
