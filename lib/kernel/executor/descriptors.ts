import fs, { close, closeSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { FD } from "../protocol/executor.ts";
import { nextTick } from "./clock.ts";

/** Standard streams and the pipes to the front process: without them nothing would be heard of any cell again. */
const isKept = (fd: unknown): boolean => typeof fd === "number" && fd >= 0 && fd <= FD.debug;

/** Closing the executor's own descriptors does nothing, as with `process.stdout.end()`. */
export function keepDescriptors(): void {
  fs.closeSync = (fd) => {
    if (!isKept(fd)) closeSync(fd);
  };
  fs.close = Object.assign((fd: number, done?: fs.NoParamCallback) => {
    if (isKept(fd)) nextTick(() => done?.(null));
    else close(fd, done);
  }, close);
  syncBuiltinESMExports();
}
