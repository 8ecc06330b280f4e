/** Where the two native TensorFlow addons live; `lib/runtime/setup` puts them there and `lib/runtime/backend` loads them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CACHE, packageFolder } from "./paths.ts";

export const VENDOR_PACKAGE = "@tensorflow/tfjs-node-gpu";

/** The library taken from the pip wheel, and the addon built against it. */
export const WHEEL_PACKAGE = "tensorflow-cpu";
export const WHEEL_VERSION = "2.21.0";
export const WHEEL_FOLDER = join(CACHE, "tensorflow", `wheel-${WHEEL_VERSION}`);
/** The number rises when the addon is built in another way: an earlier one does not count, the library beside it does. */
export const WHEEL_ADDON = join(WHEEL_FOLDER, "tfjs_binding-2.node");
export const WHEEL_LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map((name) =>
  join(WHEEL_FOLDER, "tensorflow", name),
);
export const STDERR_GATE = join(WHEEL_FOLDER, "stderr_gate.node");

/** A copy of the npm package in which its own download script runs, out of the reach of `npm ci`. */
export const VENDOR_FOLDER = join(CACHE, "tensorflow", "tfjs-node-gpu");

const ADDON_IN_PACKAGE = join("lib", "napi-v8", "tfjs_binding.node");

/** The vendor's addon, as `npm rebuild` installs it or as `npm run setup` does; undefined when there is none. */
export function vendorAddon(): string | undefined {
  const folders = [packageFolder(VENDOR_PACKAGE), VENDOR_FOLDER].filter((folder) => folder !== undefined);
  return folders.map((folder) => join(folder, ADDON_IN_PACKAGE)).find((file) => existsSync(file));
}

/** The addon built against the wheel's library; undefined when it has not been built. */
export const wheelAddon = (): string | undefined => (existsSync(WHEEL_ADDON) ? WHEEL_ADDON : undefined);
