import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "mocha";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { DEFAULTS, writeKernelspec } from "../../install/kernelspec.ts";
import { PACKAGE } from "../client.ts";
import { PYTHON } from "../python.ts";
import { needBrowser } from "./chromium.ts";

const JUPYTER = join(dirname(PYTHON), process.platform === "win32" ? "jupyter.exe" : "jupyter");
/** Where pictures of what was seen are put; none are taken unless TYPEBOOK_SCREENSHOTS says so. */
const SCREENSHOTS = process.env.TYPEBOOK_SCREENSHOTS;
const PATIENCE_MS = 120_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

/** JupyterLab in a folder of its own, with the kernel and nothing of the user's. */
async function serve(folder: string, port: number): Promise<ChildProcess> {
  const own = join(folder, ".jupyter");
  writeKernelspec(join(own, "kernels"), DEFAULTS, PACKAGE);
  const news = join(own, "SETTINGS_DIR", "@jupyterlab", "apputils-extension", "notification.jupyterlab-settings");
  mkdirSync(dirname(news), { recursive: true });
  writeFileSync(news, '{ "fetchNews": "false" }');
  const places = ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"].map((name) => [`JUPYTER_${name}`, join(own, name)]);
  const settings = ["SETTINGS_DIR", "WORKSPACES_DIR"].map((name) => [`JUPYTERLAB_${name}`, join(own, name)]);
  const env = {
    ...process.env,
    ...Object.fromEntries([...places, ...settings]),
    JUPYTER_PATH: own,
  };
  const options = ["--no-browser", "--allow-root", `--ServerApp.root_dir=${folder}`, `--ServerApp.port=${port}`];
  const more = ["--ServerApp.port_retries=0", "--IdentityProvider.token=", "--LabApp.news_url="];
  const server = spawn(JUPYTER, ["lab", ...options, ...more], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (text) => {
      log += text;
    });
  }
  for (let tries = 0; tries < 300 && server.exitCode === null; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/api`).catch(() => undefined);
    if (answer?.ok) return server;
    await sleep(300);
  }
  throw new Error(`JupyterLab did not start:\n${log}`);
}

/** A notebook in a browser, as a person sees it. */
export class NotebookPage {
  readonly folder: string;
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: ChildProcess;

  /** @param files what lies in the notebook's folder: name -> text */
  static async open(test: Context, cells: string[], files: Record<string, string> = {}): Promise<NotebookPage> {
    const executablePath = needBrowser(test, JUPYTER);
    const folder = mkdtempSync(join(tmpdir(), "kernel-browser-"));
    const written = cells.map((source, i) => ({
      ...{ cell_type: "code", id: `cell-${i}`, source, metadata: {}, outputs: [], execution_count: null },
    }));
    const metadata = { kernelspec: { name: "typebook", display_name: "TypeScript", language: "typescript" } };
    const notebook = { cells: written, metadata, nbformat: 4, nbformat_minor: 5 };
    for (const [name, text] of Object.entries({ ...files, "try.ipynb": JSON.stringify(notebook) })) {
      writeFileSync(join(folder, name), text);
    }
    const port = await freePort();
    const server = await serve(folder, port);
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`http://127.0.0.1:${port}/lab/tree/try.ipynb?reset`);
    const opened = new NotebookPage(folder, page, browser, server);
    await opened.connected();
    return opened;
  }

  private constructor(folder: string, page: Page, browser: Browser, server: ChildProcess) {
    this.folder = folder;
    this.page = page;
    this.#browser = browser;
    this.#server = server;
  }

  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(index);
  }

  output(index: number): Locator {
    return this.cell(index).locator(".jp-OutputArea-output");
  }

  /** JupyterLab forgets cells that are run before the kernel is connected. */
  async connected(): Promise<void> {
    await this.cell(0).waitFor();
    await this.page.getByText("TypeScript | Idle").waitFor();
  }

  async run(index: number): Promise<void> {
    await this.cell(index).locator(".cm-content").click();
    await this.page.keyboard.press("Control+Enter");
  }

  /** Puts text into a cell as a person types it, the cursor at its end. */
  async type(index: number, text: string): Promise<void> {
    await this.cell(index).locator(".cm-content").click();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.type(text);
  }

  async says(index: number, text: string): Promise<void> {
    await this.output(index).getByText(text).first().waitFor();
  }

  /** JupyterLab's shortcut. */
  async interrupt(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.press("i");
    await this.page.keyboard.press("i");
  }

  async saveAndReload(): Promise<void> {
    await this.page.keyboard.press("Control+s");
    await sleep(1000);
    await this.page.reload();
    await this.connected();
  }

  async screenshot(name: string, part: Locator | Page = this.page): Promise<void> {
    if (SCREENSHOTS) await part.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.kill("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
