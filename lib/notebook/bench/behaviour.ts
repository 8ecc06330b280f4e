import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { markdownTable } from "../../util/marked.ts";
import { type Contestant, findDeno, OURS, TSLAB, writeSpec } from "./contestants.ts";
import { type KernelRow, provenance, type Results } from "./record.ts";

interface Places {
  python: string;
  scratch: string;
  /** Only scenarios whose name contains this are run. */
  wanted: string;
}

/** Puts each TypeScript kernel through what a notebook user meets: scenario -> what happened. */
export function compareBehaviour(places: Places, log: (line: string) => void): KernelRow[] {
  mkdirSync(places.scratch, { recursive: true });
  return contestants(places.scratch).map((contestant) => {
    log(`observing ${contestant.label}`);
    return { label: contestant.label, values: observe(contestant, places) };
  });
}

function contestants(scratch: string): Contestant[] {
  const tslab = join(dirname(createRequire(import.meta.url).resolve("tslab/package.json")), "bin", "tslab");
  const stock = writeSpec(scratch, "tslab-stock", ["node", tslab, "kernel", "--config-path={connection_file}"]);
  const deno = findDeno(scratch);
  return [
    { ...OURS, label: "worldcompass" },
    { ...TSLAB, ...stock, label: "tslab, stock" },
    TSLAB,
    ...(deno ? [deno] : []),
    // As far as the rows are not of TypeScript alone.
    { label: "ipykernel", kernel: "python3", tfjsImport: "" },
  ];
}

function observe({ kernel, env }: Contestant, { python, wanted }: Places): KernelRow["values"] {
  const folder = mkdtempSync(join(tmpdir(), "kernel-behaviour-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const script = join(import.meta.dirname, "behaviour.py");
  const options = { encoding: "utf8", env: { ...process.env, ...env }, timeout: 900_000 } as const;
  return JSON.parse(execFileSync(python, [script, kernel, folder, wanted], options)) as KernelRow["values"];
}

/** One column per kernel. */
export function behaviourTable(results: Results): string[] {
  const { rows } = results;
  const header = ["", ...rows.map(({ label }) => label)];
  const lines = Object.keys(rows[0].values).map((name) => [
    name,
    ...rows.map(({ values }) => `${values[name] ?? "-"}`),
  ]);
  return [...markdownTable([header, ...lines]), "", provenance(results)];
}
