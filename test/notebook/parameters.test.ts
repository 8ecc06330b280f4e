import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeFailure, lineInCell } from "../../lib/notebook/failure.ts";
import { readNotebook } from "../../lib/notebook/notebook.ts";
import { declaredParameters, withParameters } from "../../lib/notebook/parameters.ts";
import { selectNotebooks } from "../../lib/notebook/select.ts";
import { code, notebookOf, temporaryFolder } from "./fixtures.ts";

const declaring = code('let profile: "ci" | "paper" = "ci";\nlet [a] = [1];\nconst seeds = 3;\nlet n = 2, m = 4;', {
  tags: ["parameters"],
});

describe("parameters of a notebook", () => {
  it("are the variables of the tagged cell", () => {
    assert.deepEqual(declaredParameters(notebookOf(code("let x = 1;"), declaring)), ["profile", "n", "m"]);
    assert.deepEqual(declaredParameters(notebookOf(code("let x = 1;"))), []);
  });

  it("are set by a cell after it, tagged and recorded as papermill does", () => {
    const set = withParameters(notebookOf(code("1"), declaring, code("2")), { profile: "paper", n: 7 });
    assert.equal(set.cells[2].source, '{\n  profile = "paper";\n  n = 7;\n}');
    assert.deepEqual(set.cells[2].metadata.tags, ["injected-parameters"]);
    assert.deepEqual(set.metadata.papermill, { parameters: { profile: "paper", n: 7 } });
    assert.equal(set.cells.length, 4);
  });

  it("replace those of an earlier run", () => {
    const first = withParameters(notebookOf(declaring), { n: 1 });
    assert.equal(withParameters(first, { n: 2 }).cells.length, 2);
  });

  it("are finite, since the record of a run cannot hold others", () => {
    for (const value of [Number.NaN, Infinity, -Infinity])
      assert.throws(() => withParameters(notebookOf(declaring), { n: value }), /the parameter n is/);
  });

  it("must be declared, and not constant", () => {
    assert.throws(() => withParameters(notebookOf(declaring), { steps: 1 }), /no parameter steps.*\n.*profile, n, m/);
    assert.throws(() => withParameters(notebookOf(declaring), { seeds: 1 }), /seeds is a constant/);
    assert.throws(() => withParameters(notebookOf(code("1")), { n: 1 }), /it declares none/);
  });
});

describe("the notebooks of a folder", () => {
  const folder = temporaryFolder();
  for (const name of ["02-b.ipynb", "01-a.ipynb", "notes.ipynb", "03-c.txt"]) writeFileSync(join(folder, name), "{}");

  it("are run in the order of their numbers", () => {
    assert.deepEqual(selectNotebooks(folder, []), [join(folder, "01-a.ipynb"), join(folder, "02-b.ipynb")]);
    assert.deepEqual(selectNotebooks(folder, ["02"]), [join(folder, "02-b.ipynb")]);
    assert.throws(() => selectNotebooks(folder, ["07"]), /no notebook starts with "07".*\n.*01-a.ipynb, 02-b.ipynb/);
    assert.throws(() => selectNotebooks(join(folder, "none"), []), /there is no folder .*none/);
    mkdirSync(join(folder, "empty"));
    assert.throws(() => selectNotebooks(join(folder, "empty"), []), /empty holds no notebook/);
  });

  it("must be notebooks", () => {
    mkdirSync(join(folder, "bad"));
    const path = join(folder, "bad", "01-x.ipynb");
    writeFileSync(path, "not json");
    assert.throws(() => readNotebook(path), /01-x.ipynb is not JSON/);
    writeFileSync(path, '{"nbformat": 3}');
    assert.throws(() => readNotebook(path), /not a notebook of format 4/);
  });
});

describe("a failure", () => {
  it("points at the line of the cell, also through colours", () => {
    assert.equal(lineInCell(["Error: x", "    at \u001b[36mf (In [3]:12:7)\u001b[39m", "    at In [2]:1:1"]), 12);
    assert.equal(lineInCell(["Error: x", "    at /lib/a.ts:5:1"]), undefined);
  });

  it("is told with notebook, cell, line, error and source", () => {
    const failure = { cell: 1, line: 2, ename: "RangeError", evalue: "too far", traceback: [] };
    const text = describeFailure("01-a.ipynb", notebookOf(code(""), code("one\n  two")), failure);
    assert.equal(text, "01-a.ipynb: cell 2, line 2: RangeError: too far\n  > two");
  });
});
