/**
 * The native backend where the vendor's download is out of reach: the TensorFlow library inside the pip wheel, and
 * tfjs-node-gpu's unmodified addon sources built against it. The C API that the addon uses is stable across versions.
 */
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../../util/alive.ts";
import { UserError } from "../../util/errors.ts";
import { withLock } from "../../util/lock.ts";
import { tie } from "../../util/tied.ts";
import { announced } from "./announce.ts";
import { packageFolder, ROOT } from "./paths.ts";
import { ensureVirtualEnvironment, mendOf, PIP_OPTIONS, pythonProgram } from "./python.ts";
import { runProgram } from "./run-program.ts";
import {
  STDERR_GATE,
  VENDOR_PACKAGE,
  WHEEL_ADDON,
  WHEEL_FOLDER,
  WHEEL_LIBRARIES,
  WHEEL_PACKAGE,
  WHEEL_VERSION,
} from "./tensorflow-paths.ts";

const NATIVE = join(ROOT, "lib", "runtime", "setup", "native");
const DOWNLOAD_SECONDS = 900;
const COMPILE_SECONDS = 300;

/** The wheel of one Python version is asked for by name, since its library does not depend on the Python at hand. */
const ANY_PYTHON = ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"];
const PLATFORM = ["--platform", "manylinux_2_27_x86_64", "--platform", "manylinux_2_17_x86_64"];

/** The wheel's library and C headers, and nothing of its Python. */
const WANTED = [
  "tensorflow/libtensorflow_",
  "tensorflow/include/tensorflow/c/",
  "tensorflow/include/tensorflow/core/platform/ctstring",
  "tensorflow/include/tsl/platform/ctstring",
  "tensorflow/include/xla/tsl/c/",
];
const UNPACK = `import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(tuple(sys.argv[3:]))])`;

/** Why this machine cannot build the addon, with the mend, or undefined. */
export async function wheelObstacle(): Promise<UserError | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    const mend = "nothing: WebAssembly works everywhere, more slowly";
    return new UserError(
      `the TensorFlow wheel is used on Linux x64 only, not ${process.platform} ${process.arch}`,
      mend,
    );
  }
  if (!packageFolder(VENDOR_PACKAGE)) return new UserError(`${VENDOR_PACKAGE} is not installed`, "run `npm ci` again");
  const compiler = await runProgram(compilerName(), ["--version"], { seconds: 30 });
  if (compiler.ok) return undefined;
  return new UserError("no C++ compiler was found", "install g++ (Debian: apt install g++), or name one with CXX");
}

/**
 * Downloads the wheel and builds the addon in a folder of its own, which takes its place only when complete.
 * @throws UserError when a step cannot be done
 */
export async function provisionWheel(): Promise<void> {
  const obstacle = await wheelObstacle();
  if (obstacle) throw obstacle;
  await ensureVirtualEnvironment();
  await withLock(WHEEL_FOLDER, downloadAndBuild, { patience: 2 * DOWNLOAD_SECONDS * 1000 });
}

async function downloadAndBuild(): Promise<void> {
  // Another process may have done it meanwhile.
  if (existsSync(WHEEL_ADDON) && WHEEL_LIBRARIES.every((file) => existsSync(file))) return;
  await mkdir(dirname(WHEEL_FOLDER), { recursive: true });
  await sweepUnfinished();
  if (!WHEEL_LIBRARIES.every((file) => existsSync(file))) {
    await inTemporary(async (folder) => {
      await announced(`TensorFlow ${WHEEL_VERSION} library from pip (about 270 MB)`, () => download(folder));
      await rm(WHEEL_FOLDER, { recursive: true, force: true });
      await rename(folder, WHEEL_FOLDER);
    });
  }
  await inTemporary((folder) => announced("TensorFlow addon built with g++", () => build(folder)));
}

/** Does work in a folder beside the wheel's, named after this process, and removes what is left of it. */
async function inTemporary(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(`${WHEEL_FOLDER}-${process.pid}-`);
  const untie = tie(() => rmSync(folder, { recursive: true, force: true }));
  try {
    await work(folder);
  } finally {
    untie();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what a killed set-up left unfinished: hundreds of megabytes. */
async function sweepUnfinished(): Promise<void> {
  const start = `${basename(WHEEL_FOLDER)}-`;
  for (const name of await readdir(dirname(WHEEL_FOLDER))) {
    const pid = Number(/^(\d+)-/.exec(name.slice(start.length))?.[1] ?? 0);
    if (!name.startsWith(start) || isAlive(pid)) continue;
    await rm(join(dirname(WHEEL_FOLDER), name), { recursive: true, force: true });
  }
}

async function download(folder: string): Promise<void> {
  const wheel = `${WHEEL_PACKAGE}==${WHEEL_VERSION}`;
  const select = ["--no-deps", "--only-binary=:all:", ...ANY_PYTHON, ...PLATFORM, "-d", folder, wheel];
  const args = ["-m", "pip", "download", ...PIP_OPTIONS, ...select];
  const got = await runProgram(pythonProgram("python"), args, { seconds: DOWNLOAD_SECONDS });
  const mend = mendOf(got.output, "check that pip's registry answers, then run `npm run setup`");
  if (!got.ok) throw new UserError(`pip download ${wheel}: ${got.reason}`, mend);
  const file = join(folder, (await readdir(folder)).find((name) => name.endsWith(".whl")) as string);
  const unpack = ["-c", UNPACK, file, folder, ...WANTED];
  const unpacked = await runProgram(pythonProgram("python"), unpack, { seconds: COMPILE_SECONDS });
  if (!unpacked.ok) throw new UserError(`unpacking ${wheel}: ${unpacked.reason}`, "make room for 1 GB on the disk");
  await rm(file);
}

async function build(folder: string): Promise<void> {
  const headers = join(packageFolder("node-api-headers") as string, "include");
  const binding = join(packageFolder(VENDOR_PACKAGE) as string, "binding");
  const library = join(WHEEL_FOLDER, "tensorflow");
  const steady = ["-include", join(NATIVE, "session-options.h")];
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(binding, name));
  const include = [`-I${headers}`, `-I${join(library, "include")}`];
  const libraries = [`-L${library}`, "-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"];
  const link = [...libraries, "-Wl,-rpath,$ORIGIN/tensorflow", "-Wl,--allow-shlib-undefined"];
  const shared = ["-shared", "-fPIC", "-O2", "-DNAPI_VERSION=8"];
  const [addon, gate] = [WHEEL_ADDON, STDERR_GATE].map((file) => join(folder, basename(file)));
  await compile([...shared, "-std=c++17", ...include, ...steady, ...sources, "-o", addon, ...link]);
  await compile([...shared, include[0], "-x", "c", join(NATIVE, "stderr-gate.c"), "-o", gate]);
  await rename(gate, STDERR_GATE);
  await rename(addon, WHEEL_ADDON);
}

async function compile(args: string[]): Promise<void> {
  const { ok, output } = await runProgram(compilerName(), args, { seconds: COMPILE_SECONDS });
  const reason = output.split("\n").find((line) => /error/i.test(line)) ?? "see g++'s output";
  if (!ok) throw new UserError(`${compilerName()}: ${reason}`, "install a g++ that knows C++17");
}

const compilerName = (): string => process.env.CXX || "g++";
