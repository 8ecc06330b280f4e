import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { jupyterDataFolder } from "../install/jupyter-folders.ts";
import { nodeProgram } from "../install/node-program.ts";
import { cacheFolder, distrust, userCache } from "../launch/cache.mjs";
import { PACKAGE } from "./client.ts";

const scratch = () => mkdtempSync(join(tmpdir(), "kernel-install-"));

describe("kernel: installing", () => {
  const typebook = (args: string[], env: Record<string, string> = {}) =>
    execFileSync(process.execPath, [join(PACKAGE, "bin", "typebook.mjs"), ...args], {
      ...{ encoding: "utf8", stdio: "pipe", env: { ...process.env, ...env } },
    });
  const fails = (...args: string[]): string => {
    try {
      typebook(args);
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
    throw new Error(`typebook ${args.join(" ")} did not fail`);
  };

  it("finds a user's Jupyter folder on each platform, also where a variable is empty", () => {
    const home = homedir();
    const empty = { JUPYTER_DATA_DIR: "", XDG_DATA_HOME: "", APPDATA: "" };
    assert.equal(jupyterDataFolder({ JUPYTER_DATA_DIR: "/j", XDG_DATA_HOME: "/x" }, "linux"), "/j");
    assert.equal(jupyterDataFolder({ XDG_DATA_HOME: "/x" }, "linux"), join("/x", "jupyter"));
    for (const env of [{}, empty]) {
      assert.equal(jupyterDataFolder(env, "linux"), join(home, ".local", "share", "jupyter"));
      assert.equal(jupyterDataFolder(env, "darwin"), join(home, "Library", "Jupyter"));
      assert.equal(jupyterDataFolder(env, "win32"), join(home, "AppData", "Roaming", "jupyter"));
    }
  });

  it("writes absolute paths for a user, and takes everything back", () => {
    const data = scratch();
    const folder = join(data, "kernels", "typebook");
    typebook(["install"], { JUPYTER_DATA_DIR: data });
    const { argv } = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as { argv: string[] };
    assert.ok(isAbsolute(argv[0]) && existsSync(argv[0]), argv[0]);
    assert.ok(isAbsolute(argv[1]) && existsSync(argv[1]), argv[1]);
    assert.equal(argv[2], "{connection_file}");
    typebook(["uninstall"], { JUPYTER_DATA_DIR: data });
    assert.deepEqual(readdirSync(data), []);
    assert.throws(() => typebook(["uninstall"], { JUPYTER_DATA_DIR: data }), /no kernel typebook/);
  });

  it("installs into a Python environment under another name, in place of an older link", () => {
    const prefix = scratch();
    const kernels = join(prefix, "share", "jupyter", "kernels");
    const elsewhere = scratch();
    mkdirSync(kernels, { recursive: true });
    symlinkSync(elsewhere, join(kernels, "mine"), "junction");
    typebook(["install", "--prefix", prefix, "--name", "mine", "--display-name", "Mine"]);
    assert.deepEqual(readdirSync(elsewhere), []);
    const spec = JSON.parse(readFileSync(join(kernels, "mine", "kernel.json"), "utf8")) as { display_name: string };
    assert.equal(spec.display_name, "Mine");
  });

  it("neither replaces nor removes another program's kernel, but its own that is damaged", () => {
    const data = scratch();
    const file = (name: string) => join(data, "kernels", name, "kernel.json");
    const text = JSON.stringify({ argv: ["python", "-m", "ipykernel_launcher"], display_name: "Python 3" });
    for (const [name, content] of [
      ["python3", text],
      ["broken", '{ "argv": ['],
    ]) {
      mkdirSync(join(data, "kernels", name), { recursive: true });
      writeFileSync(file(name), content);
    }
    for (const command of ["install", "uninstall"]) {
      assert.throws(
        () => typebook([command, "--name", "python3"], { JUPYTER_DATA_DIR: data }),
        /kernel of another program \(python\): choose another name with --name/,
      );
    }
    assert.equal(readFileSync(file("python3"), "utf8"), text);
    typebook(["install", "--name", "broken"], { JUPYTER_DATA_DIR: data });
    assert.match(readFileSync(file("broken"), "utf8"), /launch\.mjs/);
  });

  it("says in one line that a folder cannot be made", () => {
    for (const folder of ["/proc/nowhere/jupyter", "/dev/null/jupyter"]) {
      assert.throws(() => typebook(["install"], { JUPYTER_DATA_DIR: folder }), /cannot be written \(E[A-Z]+\): choose/);
    }
  });

  it("takes relative folders as they are meant where it runs", () => {
    assert.equal(jupyterDataFolder({ JUPYTER_DATA_DIR: "data" }, "linux"), resolve("data"));
  });

  it("refuses what it does not know in one line", () => {
    for (const args of [["instal"], ["install", "--sysprefix"], ["install", "x"], ["install", "--name", "a/b"]]) {
      assert.match(fails(...args), /^[^\n]+\n$/, args.join(" "));
    }
    assert.match(fails("install", "--user", "--prefix", "/x"), /--user and --prefix/);
  });

  it("prefers a lasting link to Node in the PATH over the folder of one version, and no passing link", () => {
    const [lasting, passing] = [join(homedir(), ".typebook-test-bin"), join(scratch(), "node_modules", ".bin")];
    assert.equal(nodeProgram("", process.execPath), process.execPath);
    mkdirSync(passing, { recursive: true });
    symlinkSync(process.execPath, join(passing, "node"));
    assert.equal(nodeProgram(`${passing}:${lasting}`, process.execPath), process.execPath);
  });
});

describe("kernel: the folder that code is loaded from", () => {
  const distrusted = (folder: string) => distrust(folder) ?? "";

  it("is the user's alone", () => {
    const folder = scratch();
    assert.equal(distrust(folder), undefined);
    chmodSync(folder, 0o777);
    assert.match(distrusted(folder), /may be written to by other users/);
    mkdirSync(join(folder, "inner"), { mode: 0o700 });
    assert.match(distrusted(join(folder, "inner")), /may be written to by other users/);
    assert.match(distrusted(join(folder, "not", "there", "yet")), /may be written to by other users/);
    const to = join(scratch(), "to");
    symlinkSync(join(folder, "inner"), to);
    assert.match(distrusted(join(to, "typebook")), /may be written to by other users/);
    const link = join(scratch(), "link");
    symlinkSync(scratch(), link);
    assert.match(distrusted(link), /is not a folder/);
  });

  it("is refused with a word where a person named one that others can write to", () => {
    const folder = scratch();
    chmodSync(folder, 0o777);
    const before = process.env.TYPEBOOK_CACHE;
    process.env.TYPEBOOK_CACHE = folder;
    try {
      assert.throws(() => cacheFolder(), /may be written to by other users/);
    } finally {
      if (before === undefined) delete process.env.TYPEBOOK_CACHE;
      else process.env.TYPEBOOK_CACHE = before;
    }
  });

  it("lies where the platform keeps such things, absolutely", () => {
    assert.equal(userCache({ XDG_CACHE_HOME: "/c" }, "linux"), "/c/typebook");
    assert.equal(userCache({ XDG_CACHE_HOME: "relative" }, "linux"), join(homedir(), ".cache", "typebook"));
    assert.equal(userCache({}, "darwin"), join(homedir(), "Library", "Caches", "typebook"));
  });
});
