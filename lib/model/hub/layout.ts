/**
 * A world's networks laid out as model repositories are on the Hugging Face Hub: a card with its metadata, an index at the
 * root, and a folder a network. The index names every file with its hash.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { onFile, UserError } from "../../util/errors.ts";
import { type Fingerprint, fingerprint, writeAtomic, writeJson } from "../../util/files.ts";
import { parseJson } from "../../util/strict-json.ts";
import { readConfig } from "../nn/published.ts";

export const INDEX = "model_index.json";
const FILES = ["config.json", "model.safetensors", "README.md"];

const indexSchema = z.object({
  library_name: z.literal("worldcompass"),
  networks: z.array(z.string()).min(1),
  files: z.record(
    z.string().regex(/^[\w][\w.-]*(\/[\w][\w.-]*)?$/, "a path that leads out of the model"),
    z.object({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});
export type Index = z.infer<typeof indexSchema>;

export interface PackOptions {
  /** Folder of a world's networks. */
  readonly from: string;
  /** New folder. */
  readonly to: string;
  readonly title: string;
  /** Networks to take; all where not given. */
  readonly networks?: readonly string[];
}

const networksIn = (dir: string): string[] =>
  existsSync(dir)
    ? readdirSync(dir)
        .filter((name) => existsSync(join(dir, name, "config.json")))
        .sort()
    : [];

/** @throws UserError where a network is missing or damaged, or the folder is not empty */
export function packNetworks({ from, to, title, networks = networksIn(from) }: PackOptions): Index {
  if (networks.length === 0) throw new UserError(`${from} holds no networks`, "give the folder of a world's networks");
  if (existsSync(to) && readdirSync(to).length > 0) throw new UserError(`${to} is not empty`, "name a new folder");
  const files: Record<string, Fingerprint> = {};
  const worlds = new Set<string>();
  for (const network of networks) {
    const { world } = readConfig(join(from, network));
    if (typeof world === "string") worlds.add(world);
    for (const name of FILES) {
      const path = join(from, network, name);
      if (!existsSync(path)) continue;
      const bytes = readFileSync(path);
      files[`${network}/${name}`] = fingerprint(bytes);
      writeAtomic(join(to, network, name), bytes);
    }
  }
  writeAtomic(join(to, "README.md"), cardOf(title, networks, [...worlds], from));
  // Last: a folder without it is no model.
  const index: Index = { library_name: "worldcompass", networks: [...networks], files };
  writeJson(join(to, INDEX), index);
  return index;
}

/** The card: metadata that the Hub reads, then what each network says of itself. */
function cardOf(title: string, networks: readonly string[], worlds: readonly string[], from: string): string {
  const sections = networks.map((network) => {
    const path = join(from, network, "README.md");
    const text = existsSync(path) ? readFileSync(path, "utf8").trim().replace(/^#/gm, "##") : `## ${network}`;
    return `${text}\n\nIn \`${network}/\`.`;
  });
  const tags = ["world-model", "video-generation", "action-conditioned", "reinforcement-learning", ...worlds];
  return `---
license: mit
library_name: worldcompass
pipeline_tag: image-to-video
tags:
${tags.map((tag) => `- ${JSON.stringify(tag)}`).join("\n")}
---

# ${title.replace(/\s+/g, " ")}

Networks of a small interactive video world model. \`${INDEX}\` names every file with its SHA-256.

${sections.join("\n\n")}
`;
}

/** @throws UserError where there is none, or it is none */
export function readIndex(dir: string): Index {
  const path = join(dir, INDEX);
  if (!existsSync(path))
    throw new UserError(`${dir} has no ${INDEX}`, "pack it: npm run hub -- --networks DIR --out DIR");
  return parseIndex(
    onFile(path, () => readFileSync(path, "utf8")),
    path,
  );
}

export function parseIndex(text: string, path: string): Index {
  const parsed = indexSchema.safeParse(parseJson(text, path, "load the model again"));
  if (parsed.success) return parsed.data;
  const [{ path: where, message }] = parsed.error.issues;
  throw new UserError(
    `${path} is no index of networks: ${where.join(".")}: ${message}`,
    "load a model of this project",
  );
}

/** @throws UserError naming the first file that is missing or not the one that the index names */
export function verifyFiles(dir: string, { files }: Index): void {
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    const path = join(dir, name);
    if (!existsSync(path)) throw new UserError(`${path} is missing`, `remove ${dir} and load the model again`);
    const found = fingerprint(readFileSync(path));
    if (found.bytes === bytes && found.sha256 === sha256) continue;
    throw new UserError(
      `${path} is not the file that ${INDEX} names (${found.bytes} of ${bytes} bytes, SHA-256 ${found.sha256.slice(0, 12)} for ${sha256.slice(0, 12)})`,
      `remove ${dir} and load the model again`,
    );
  }
}
