import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "mocha";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { needBrowser } from "../../lib/kernel/test/browser/chromium.ts";
import { KERNELSPECS } from "../../lib/runtime/setup/kernelspec.ts";
import { ROOT } from "../../lib/runtime/setup/paths.ts";
import { privateJupyter } from "../../lib/runtime/setup/private-jupyter.ts";
import { pythonProgram } from "../../lib/runtime/setup/python.ts";

const JUPYTER = pythonProgram("jupyter");
const PATIENCE_MS = 120_000;

interface Lab {
  url: string;
  stop(): void;
}

/** A notebook of the project in JupyterLab in a browser, as a person sees it. */
export class LabPage {
  readonly page: Page;
  /** The notebook's file. */
  readonly path: string;
  readonly #lab: Lab;
  readonly #browser: Browser;

  /** @param name of a file that is made in `notebooks/`, whose cells see the library as `../lib` */
  static async open(test: Context, name: string, cells: string[]): Promise<LabPage> {
    const executablePath = needBrowser(test, JUPYTER);
    const path = join(ROOT, "notebooks", name);
    writeNotebook(path, cells);
    const lab = await startLab();
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(PATIENCE_MS);
    const opened = new LabPage(path, page, lab, browser);
    await opened.load();
    return opened;
  }

  private constructor(path: string, page: Page, lab: Lab, browser: Browser) {
    this.path = path;
    this.page = page;
    this.#lab = lab;
    this.#browser = browser;
  }

  /** Opens the notebook, as its file is now. */
  async load(): Promise<void> {
    await this.page.goto(`${this.#lab.url}/lab/tree/notebooks/${basename(this.path)}?reset`);
    await this.cell(0).waitFor();
    await this.connected();
  }

  /** JupyterLab forgets cells that are run before the kernel is connected. */
  async connected(): Promise<void> {
    await this.page.getByText("TypeScript (worldcompass) | Idle").waitFor();
  }

  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(index);
  }

  output(index: number): Locator {
    return this.cell(index).locator(".jp-OutputArea-output");
  }

  async run(index: number): Promise<void> {
    await this.cell(index).locator(".cm-content").click();
    await this.page.keyboard.press("Control+Enter");
  }

  /** JupyterLab's shortcut. */
  interrupt(): Promise<void> {
    return this.#press("Escape", "i", "i");
  }

  async restart(): Promise<void> {
    await this.#press("Escape", "0", "0");
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
    await this.connected();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#lab.stop();
    rmSync(this.path, { force: true });
  }

  async #press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }
}

function writeNotebook(path: string, sources: string[]): void {
  const cells = sources.map((source, i) => ({
    ...{ cell_type: "code", id: `cell-${i}`, source, metadata: {}, outputs: [], execution_count: null },
  }));
  const kernelspec = {
    name: "worldcompass-typescript",
    display_name: "TypeScript (worldcompass)",
    language: "typescript",
  };
  writeFileSync(path, JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

/** JupyterLab as `npm run lab` starts it, without a browser window and without a token, on a free port. */
async function startLab(): Promise<Lab> {
  const port = await freePort();
  const scratch = mkdtempSync(join(tmpdir(), "kernel-lab-"));
  mkdirSync(join(scratch, "kernelspecs"));
  symlinkSync(KERNELSPECS, join(scratch, "kernelspecs", "kernels"), "junction");
  const args = [
    "lab",
    "--no-browser",
    "--allow-root",
    `--ServerApp.root_dir=${ROOT}`,
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    "--IdentityProvider.token=",
    "--LabApp.news_url=",
  ];
  const env = { ...process.env, ...privateJupyter(scratch), JUPYTER_PATH: join(scratch, "kernelspecs") };
  const server = spawn(JUPYTER, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  await answering(server, port);
  return { url: `http://127.0.0.1:${port}`, stop: () => server.kill("SIGTERM") };
}

async function answering(server: ChildProcess, port: number): Promise<void> {
  let log = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on("data", (text) => {
      log += text;
    });
  }
  for (let tries = 0; tries < 300 && server.exitCode === null; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/api`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error(`JupyterLab did not start:\n${log}`);
}
