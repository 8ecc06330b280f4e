import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Contestant, findDeno, OURS, TSLAB, writeSpec } from "./contestants.ts";

/** Scenario -> what happened. */
type Behaviour = Record<string, string>;

/** Puts each TypeScript kernel through what a notebook user meets, and prints what happened as a Markdown table. */
export function compareBehaviour(places: { python: string; scratch: string }, log: (line: string) => void): void {
  mkdirSync(places.scratch, { recursive: true });
  const rows = contestants(places.scratch).map((contestant) => {
    log(`observing ${contestant.label}`);
    return { label: contestant.label, behaviour: observe(contestant, places) };
  });
  for (const line of table(rows)) log(line);
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
  ];
}

function observe({ kernel, env }: Contestant, { python }: { python: string }): Behaviour {
  const folder = mkdtempSync(join(tmpdir(), "kernel-behaviour-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const script = join(import.meta.dirname, "behaviour.py");
  const options = { encoding: "utf8", env: { ...process.env, ...env }, timeout: 600_000 } as const;
  return JSON.parse(execFileSync(python, [script, kernel, folder], options)) as Behaviour;
}

function table(rows: { label: string; behaviour: Behaviour }[]): string[] {
  const header = ["", ...rows.map(({ label }) => label)];
  const scenarios = Object.keys(rows[0].behaviour).map((name) => [name, ...rows.map((row) => row.behaviour[name])]);
  return [header, header.map(() => "---"), ...scenarios].map((cells) => `| ${cells.join(" | ")} |`);
}
