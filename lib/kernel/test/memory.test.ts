import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KernelClient } from "./client.ts";
import { childrenOf, executorOf } from "./processes.ts";

/** When no cell has come for this long, the language process has replaced its type checker and collected its garbage. */
const RESTED_MS = 1000;
/** More than the cells after which a pause is used for that. */
const BETWEEN_PAUSES = 200;

interface Sizes {
  /** JavaScript objects in use, MB. */
  executor: number;
  language: number;
  /** Resident sets: front process and its two children, MB. */
  resident: number[];
}

const cell = (i: number) => `let v${i % 10} = ${i}; v${i % 10} + 1`;

describe("kernel: memory", () => {
  const reports = mkdtempSync(join(tmpdir(), "kernel-reports-"));
  let kernel: KernelClient;
  before(async () => {
    const options = [
      "--report-on-signal",
      "--report-signal=SIGUSR2",
      "--report-compact",
      `--report-directory=${reports}`,
    ];
    kernel = await KernelClient.start({ env: { NODE_OPTIONS: options.join(" ") } });
  });
  after(() => kernel.stop());

  it("takes 300 MB at most after its first cell", async () => {
    await kernel.execute("1 + 1");
    await sleep(RESTED_MS);
    const megabytes = takenBy(processes());
    assert.ok(megabytes <= 300, `${megabytes} MB`);
  });

  it("stays flat over 1000 trivial cells, in each of the processes", async () => {
    const before = await runCells(400);
    const after = await runCells(1000);
    // A cell leaves its source maps, about a kilobyte: the last 2000 cells keep them for tracebacks.
    assert.ok(after.executor - before.executor < 2, describeGrowth(before, after));
    // Nothing of the cells; what grows a little are the engine's notes on TypeScript's own functions.
    assert.ok(after.language - before.language < 5, describeGrowth(before, after));
    // Resident sets move by tens of megabytes with the optimiser's and the collector's work; these are their minima.
    for (const [i, size] of after.resident.entries()) {
      assert.ok(size - before.resident[i] < (i === 0 ? 15 : 60), describeGrowth(before, after));
    }
  }).timeout(240_000);

  /** Sizes after the last pause; of resident sets the smallest of all pauses. */
  async function runCells(count: number): Promise<Sizes> {
    const resident: number[][] = [];
    for (let done = 0; done < count; done += BETWEEN_PAUSES) {
      for (let i = 0; i < BETWEEN_PAUSES; i++) await kernel.execute(cell(i));
      await sleep(RESTED_MS);
      resident.push(processes().map(residentSet));
    }
    const smallest = resident[0].map((_, process) => Math.min(...resident.map((sizes) => sizes[process])));
    return { executor: await executorHeap(), language: await languageHeap(), resident: smallest };
  }

  /** The front process, and its children. */
  function processes(): number[] {
    return [Number(kernel.process.pid), ...childrenOf(kernel)];
  }

  async function executorHeap(): Promise<number> {
    const { result } = await kernel.execute(`import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
setFlagsFromString("--expose-gc");
runInNewContext("gc")();
process.memoryUsage().heapUsed / 2 ** 20`);
    return Number(result);
  }

  /** As Node's diagnostic report tells it. */
  async function languageHeap(): Promise<number> {
    const executor = await executorOf(kernel);
    const language = processes().find((pid) => pid !== executor && pid !== kernel.process.pid) as number;
    const written = () => readdirSync(reports).filter((name) => name.includes(`.${language}.`));
    const known = written().length;
    process.kill(language, "SIGUSR2");
    await kernel.until(() => written().length > known);
    await sleep(RESTED_MS);
    const newest = written().sort().at(-1) as string;
    const report = JSON.parse(readFileSync(join(reports, newest), "utf8")) as {
      javascriptHeap: { usedMemory: number };
    };
    return report.javascriptHeap.usedMemory / 2 ** 20;
  }
});

/** MB that processes have of their own, and that they share, which is Node's program. */
function takenBy(pids: number[]): number {
  const sizes = pids.map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const sum = (kind: string) =>
      [...text.matchAll(new RegExp(`^${kind}_\\w+:\\s+(\\d+)`, "gm"))].reduce((all, [, size]) => all + Number(size), 0);
    return { own: sum("Private"), shared: sum("Shared") };
  });
  const own = sizes.reduce((all, size) => all + size.own, 0);
  return Math.round((own + Math.max(...sizes.map(({ shared }) => shared))) / 1024);
}

/** MB */
function residentSet(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

function describeGrowth(before: Sizes, after: Sizes): string {
  return `MB before: ${JSON.stringify(before)}, after: ${JSON.stringify(after)}`;
}
