import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PACKAGE } from "../client.ts";

export interface Ran {
  ok: boolean;
  output: string;
}

/** What runners of notebooks a person may have. */
const RUNNERS = ["jupyter-client", "nbconvert", "nbmake", "papermill"];

/** A machine's worth of folders, with the package installed from its tarball and nothing of the checkout in reach. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), "kernel-package-"));
  readonly home = join(this.folder, "home");
  readonly project = join(this.folder, "project");
  readonly python = join(this.folder, "python");
  readonly #bin = join(this.python, process.platform === "win32" ? "Scripts" : "bin");

  /** Runs a program in the project, without anything of this checkout's or this user's in its environment. */
  run(program: string, args: string[], env: Record<string, string> = {}, options: object = {}): Promise<Ran> {
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(TYPEBOOK|JUPYTER|npm_|NODE_|XDG_|VIRTUAL)/.test(name),
    );
    const places = {
      ...{
        HOME: this.home,
        IPYTHONDIR: join(this.folder, "ipython"),
        JUPYTER_CONFIG_DIR: join(this.folder, "config"),
        npm_config_cache: join(this.folder, "npm"),
      },
      ...{ JUPYTER_RUNTIME_DIR: join(this.folder, "runtime"), PATH: `${this.#bin}${delimiter}${process.env.PATH}` },
    };
    const settings = { cwd: this.project, timeout: 300_000, maxBuffer: 2 ** 26, ...options };
    return new Promise((resolve) =>
      execFile(
        program,
        args,
        { ...settings, env: { ...Object.fromEntries(own), ...places, ...env } },
        (error, out, err) => resolve({ ok: !error, output: `${out}${err}` || `${error?.message ?? ""}` }),
      ),
    );
  }

  /** As `run`. @throws Error with what the program wrote if it fails */
  async must(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
    const { ok, output } = await this.run(program, args, env);
    if (!ok) throw new Error(`${program} ${args.join(" ")} failed:\n${output}`);
    return output;
  }

  async install(): Promise<void> {
    for (const folder of [this.home, this.project, join(this.folder, "runtime")])
      mkdirSync(folder, { recursive: true });
    await this.must(process.execPath, [join(PACKAGE, "launch", "dist.mjs")]);
    await this.must("npm", ["pack", PACKAGE, "--pack-destination", this.folder]);
    const tarball = readdirSync(this.folder).find((name) => name.endsWith(".tgz")) as string;
    writeFileSync(join(this.project, "package.json"), '{ "name": "stranger", "version": "1.0.0" }\n');
    await this.must("npm", ["install", join(this.folder, tarball), "zod"]);
    await this.must("python3", ["-m", "venv", this.python]);
    await this.must("pip", ["install", "--quiet", "--disable-pip-version-check", ...RUNNERS]);
  }

  typebook(...args: string[]): Promise<string> {
    return this.must("npx", ["typebook", ...args]);
  }

  write(name: string, cells: string[], kernel = "typebook"): string {
    const written = cells.map((source, i) => ({
      ...{ cell_type: "code", id: `cell-${i}`, source, metadata: {}, outputs: [], execution_count: null },
    }));
    const metadata = { kernelspec: { name: kernel, display_name: "TypeScript", language: "typescript" } };
    const path = join(this.project, name);
    writeFileSync(path, JSON.stringify({ cells: written, metadata, nbformat: 4, nbformat_minor: 5 }));
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Every path below a folder. */
export function everything(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}

/** Bytes of the files below a folder, as they take disk space. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + Math.ceil(statSync(join(entry.parentPath, entry.name)).size / 4096) * 4096, 0);
}
