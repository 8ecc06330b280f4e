import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findNetworks } from "../../../lib/model/hub/find.ts";
import { INDEX, packNetworks, readIndex } from "../../../lib/model/hub/layout.ts";
import { CACHE } from "../../../lib/runtime/setup/paths.ts";

describe("models laid out for the Hub", () => {
  let dir: string;
  const inDir = (...parts: string[]): string => join(dir, ...parts);
  const names = ["HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_HUB_OFFLINE"];
  const before_ = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  /** A name of this process alone, in the project's own cache. */
  const owner = `test-${process.pid}`;

  before(() => {
    dir = mkdtempSync(join(tmpdir(), "hub-"));
    for (const network of ["tokeniser", "base"]) {
      mkdirSync(inDir("networks", network), { recursive: true });
      writeFileSync(inDir("networks", network, "config.json"), JSON.stringify({ network, world: "yard" }));
      writeFileSync(inDir("networks", network, "model.safetensors"), `weights of ${network}`);
      writeFileSync(inDir("networks", network, "README.md"), `# ${network}\n\nWhat it is.\n`);
    }
    packNetworks({ from: inDir("networks"), to: inDir("packed"), title: "Yard" });
  });
  beforeEach(() => {
    for (const name of names) delete process.env[name];
    process.env.HF_HOME = inDir("empty");
  });
  after(() => {
    for (const name of names) {
      if (before_[name] === undefined) delete process.env[name];
      else process.env[name] = before_[name];
    }
    rmSync(dir, { recursive: true });
    rmSync(join(CACHE, "models", owner), { recursive: true, force: true });
  });

  it("have a card with metadata, an index with hashes, and a folder a network", () => {
    const card = readFileSync(inDir("packed", "README.md"), "utf8");
    assert.match(
      card,
      /^---\nlicense: mit\nlibrary_name: worldcompass\npipeline_tag: image-to-video\ntags:\n(- ".+"\n)+---\n\n# Yard\n/,
    );
    assert.match(card, /## base\n\nWhat it is\.\n\nIn `base\/`\./);
    const { networks, files } = readIndex(inDir("packed"));
    assert.deepEqual(networks, ["base", "tokeniser"]);
    assert.equal(Object.keys(files).length, 6);
    assert.throws(
      () => packNetworks({ from: inDir("networks"), to: inDir("packed"), title: "" }),
      /packed is not empty/,
    );
    assert.throws(() => packNetworks({ from: inDir("none"), to: inDir("x"), title: "" }), /holds no networks/);
  });

  it("are found in a folder, and in the cache of the Hub's own tools; a changed file is named", async () => {
    assert.equal(await findNetworks(inDir("packed")), resolve(inDir("packed")));
    const snapshot = inDir("hub", "hub", "models--ann--yard", "snapshots", "abc");
    cpSync(inDir("packed"), snapshot, { recursive: true });
    mkdirSync(inDir("hub", "hub", "models--ann--yard", "refs"));
    writeFileSync(inDir("hub", "hub", "models--ann--yard", "refs", "main"), "abc");
    process.env.HF_HOME = inDir("hub");
    assert.equal(await findNetworks("ann/yard"), snapshot);
    writeFileSync(join(snapshot, "base", "model.safetensors"), "weights of bass");
    await assert.rejects(
      findNetworks("ann/yard"),
      /base\/model\.safetensors is not the file that model_index\.json names/,
    );
  });

  it("are fetched once, whole or not at all, and then need no network", async () => {
    const asked: string[] = [];
    let damaged = true;
    const server = createServer((request, response) => {
      const [, file] = /^\/[\w-]+\/yard\/resolve\/main\/(.+)$/.exec(request.url ?? "") ?? [];
      asked.push(file);
      const path = inDir("packed", file ?? "");
      if (file === undefined || !existsSync(path)) return response.writeHead(404).end();
      return response.end(damaged && file === "base/config.json" ? "{}" : readFileSync(path));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    process.env.HF_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await assert.rejects(findNetworks(`${owner}/yard`), /base\/config\.json is not the file/);
    assert.deepEqual(readdirSync(join(CACHE, "models", owner)), []);
    damaged = false;
    const folder = await findNetworks(`${owner}/yard`);
    assert.equal(readFileSync(join(folder, "tokeniser", "model.safetensors"), "utf8"), "weights of tokeniser");
    const before = asked.length;
    assert.equal(await findNetworks(`${owner}/yard`), folder);
    assert.equal(asked.length, before);
    await assert.rejects(findNetworks(`${owner}/other`), /has no model_index\.json of test-\d+\/other/);
    server.close();
    server.closeAllConnections();
    await assert.rejects(
      findNetworks(`${owner}/third`),
      /third is not in the local cache, and http:\S+ does not answer\n.*hf download test-\d+\/third/s,
    );
    process.env.HF_HUB_OFFLINE = "1";
    await assert.rejects(findNetworks(`${owner}/third`), /HF_HUB_OFFLINE forbids/);
    await assert.rejects(findNetworks("no folder"), /there is no folder no folder/);
  });

  it("an index that leads elsewhere is refused", async () => {
    mkdirSync(inDir("evil"));
    const files = { "../../etc/passwd": { bytes: 1, sha256: "0".repeat(64) } };
    writeFileSync(inDir("evil", INDEX), JSON.stringify({ library_name: "worldcompass", networks: ["a"], files }));
    await assert.rejects(findNetworks(inDir("evil")), /no index of networks: files.*passwd/);
  });
});
