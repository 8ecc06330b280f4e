/** What a run shows beside its numbers: a folder of animated pictures and tables, each named by what it is and its step. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { writeAtomic } from "../../util/files.ts";
import { jsonText } from "../../util/strict-json.ts";
import type { Tree } from "../../util/tree.ts";
import type { RunSample } from "../tensorboard.ts";

/** Folder in a run's own. */
export const SAMPLES = "samples";
const DIGITS = 6;
const NAME = /^(.+)-(\d{6,})\.(gif|md)$/;

/** @param name letters, digits and dots; it becomes TensorBoard's tag */
export function keepSample(dir: string, name: string, step: number, content: Uint8Array | string): void {
  if (!/^[\w.]+$/.test(name)) throw new UserError(`a sample called ${JSON.stringify(name)}`, "give letters and digits");
  const ending = typeof content === "string" ? "md" : "gif";
  writeAtomic(join(dir, SAMPLES, `${name}-${String(step).padStart(DIGITS, "0")}.${ending}`), content);
}

/** Samples of a run up to a step: a run that was resumed may have later ones of before. */
export function samplesOf(dir: string, config: Tree, upTo: number): RunSample[] {
  const folder = join(dir, SAMPLES);
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const kept = files.flatMap((file): RunSample[] => {
    const [, tag, digits, ending] = NAME.exec(file) ?? [];
    const step = Number(digits);
    if (tag === undefined || step > upTo) return [];
    const bytes = readFileSync(join(folder, file));
    const named = `samples/${tag}`;
    return [
      ending === "gif" ? { step, tag: named, gif: bytes } : { step, tag: named, markdown: bytes.toString("utf8") },
    ];
  });
  const markdown = `\`\`\`json\n${jsonText(config, 2)}\n\`\`\``;
  return [{ step: 0, tag: "config", markdown }, ...kept];
}
