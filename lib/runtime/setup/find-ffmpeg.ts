/**
 * Finds an ffmpeg that can write H.264. The order goes from what somebody chose to what happens to be there:
 * FFMPEG_BIN (an explicit choice: when it does not work that is an error, never a reason to take another);
 * ffmpeg-static (a known build, when its download was run); the PATH (the system's own); the binary inside the
 * imageio-ffmpeg wheel of `.cache/python` (last, because it is only there for machines that have none of the others).
 * A build without libx264, as some distributions ship, is passed over.
 */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import { FFMPEG_CACHE, PYTHON_FOLDER } from "./paths.ts";
import { runProgram } from "./run-program.ts";

export interface Ffmpeg {
  path: string;
  /** Where it was found, for people. */
  source: string;
}

const PROBE_SECONDS = 20;
const found = new Map<string, Promise<Ffmpeg | undefined>>();

/**
 * The first ffmpeg with libx264, or undefined.
 * @throws UserError when FFMPEG_BIN is set and is not one
 */
export function findFfmpeg(): Promise<Ffmpeg | undefined> {
  const chosen = process.env.FFMPEG_BIN ?? "";
  const search = found.get(chosen) ?? (chosen ? checkChosen(chosen) : firstWorking());
  found.set(chosen, search);
  const forget = () => found.delete(chosen);
  search.then((ffmpeg) => ffmpeg ?? forget(), forget);
  return search;
}

async function checkChosen(path: string): Promise<Ffmpeg> {
  if (await writesH264(path)) return { path, source: "FFMPEG_BIN" };
  const mend = "set FFMPEG_BIN to an ffmpeg that has libx264, or unset it";
  throw new UserError(`FFMPEG_BIN=${path} is not an ffmpeg that can write H.264`, mend);
}

async function firstWorking(): Promise<Ffmpeg | undefined> {
  for (const candidate of candidates()) if (await writesH264(candidate.path)) return candidate;
  return undefined;
}

function candidates(): Ffmpeg[] {
  const packaged = createRequire(import.meta.url)("ffmpeg-static") as string | null;
  return [
    ...(packaged && existsSync(packaged) ? [{ path: packaged, source: "ffmpeg-static" }] : []),
    ...(existsSync(FFMPEG_CACHE) ? [{ path: FFMPEG_CACHE, source: "ffmpeg-static, in .cache" }] : []),
    { path: "ffmpeg", source: "PATH" },
    ...wheelBinaries().map((path) => ({ path, source: "imageio-ffmpeg wheel in .cache" })),
  ];
}

/** The binary's name carries its platform and version: `ffmpeg-linux-x86_64-v7.0.2`. */
function wheelBinaries(): string[] {
  const library = join(PYTHON_FOLDER, process.platform === "win32" ? "Lib" : "lib");
  if (!existsSync(library)) return [];
  const parents = process.platform === "win32" ? [library] : readdirSync(library).map((name) => join(library, name));
  const folders = parents.map((parent) => join(parent, "site-packages", "imageio_ffmpeg", "binaries"));
  return folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.startsWith("ffmpeg-"))
      .map((name) => join(folder, name)),
  );
}

async function writesH264(path: string): Promise<boolean> {
  const { ok, output } = await runProgram(path, ["-hide_banner", "-encoders"], { seconds: PROBE_SECONDS });
  return ok && output.includes("libx264");
}
