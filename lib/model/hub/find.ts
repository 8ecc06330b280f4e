/** A model by a folder or a name on the Hugging Face Hub: the local cache first, then the network; hashes are checked. */
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CACHE } from "../../runtime/setup/paths.ts";
import { onFile, UserError } from "../../util/errors.ts";
import { writeAtomic } from "../../util/files.ts";
import { fromRoot } from "../../util/root.ts";
import { INDEX, type Index, parseIndex, readIndex, verifyFiles } from "./layout.ts";

const NAME = /^[\w][\w.-]*\/[\w][\w.-]*$/;
const HUB = "https://huggingface.co";
const PATIENCE_SECONDS = 30;

/**
 * The folder of a model's networks.
 * @param name a folder, or `owner/name` on the Hub
 * @throws UserError where there is none, a file is not the one that its index names, or there is no network to fetch it by
 */
export async function findNetworks(name: string): Promise<string> {
  const folder = fromRoot(name);
  if (existsSync(folder)) {
    if (existsSync(join(folder, INDEX))) verifyFiles(folder, readIndex(folder));
    return folder;
  }
  if (!NAME.test(name))
    throw new UserError(`there is no folder ${name}`, "give a folder of networks, or owner/name on the Hub");
  const own = join(CACHE, "models", name);
  for (const cached of [own, hubSnapshot(name)]) {
    if (cached === undefined || !existsSync(join(cached, INDEX))) continue;
    verifyFiles(cached, readIndex(cached));
    return cached;
  }
  return fetchNetworks(name, own);
}

/** Where the Hub's own tools keep a model that they fetched. */
function hubSnapshot(name: string): string | undefined {
  const home = process.env.HF_HOME || join(homedir(), ".cache", "huggingface");
  const folder = join(process.env.HF_HUB_CACHE || join(home, "hub"), `models--${name.replace("/", "--")}`);
  const ref = join(folder, "refs", "main");
  return existsSync(ref) ? join(folder, "snapshots", readFileSync(ref, "utf8").trim()) : undefined;
}

async function fetchNetworks(name: string, to: string): Promise<string> {
  const absent = `the model ${name} is not in the local cache`;
  const mend = `where there is a network, run: hf download ${name} --local-dir DIR; then give that DIR`;
  if (/^(1|true|yes|on)$/i.test(process.env.HF_HUB_OFFLINE ?? ""))
    throw new UserError(`${absent}, and HF_HUB_OFFLINE forbids to fetch it`, mend);
  const hub = process.env.HF_ENDPOINT || HUB;
  const get = async (file: string): Promise<Buffer> => {
    let response: Response;
    try {
      response = await fetch(`${hub}/${name}/resolve/main/${file}`, {
        signal: AbortSignal.timeout(1000 * PATIENCE_SECONDS),
      });
      if (response.ok) return Buffer.from(await response.arrayBuffer());
    } catch (cause) {
      throw new UserError(`${absent}, and ${hub} does not answer`, mend, { cause });
    }
    if (response.status === 404 || response.status === 401)
      throw new UserError(
        `${hub} has no ${file} of ${name}`,
        "check the name; private models are fetched by hf download",
      );
    throw new UserError(`${hub} answered ${response.status} for ${file} of ${name}`, mend);
  };
  const text = (await get(INDEX)).toString("utf8");
  const index: Index = parseIndex(text, `${INDEX} of ${name}`);
  const half = `${to}.${process.pid}.tmp`;
  try {
    for (const file of ["README.md", ...Object.keys(index.files)]) writeAtomic(join(half, file), await get(file));
    verifyFiles(half, index);
    writeAtomic(join(half, INDEX), text);
    onFile(to, () => {
      rmSync(to, { recursive: true, force: true });
      renameSync(half, to);
    });
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  process.stderr.write(`${name}: fetched into ${dirname(to)}\n`);
  return to;
}
