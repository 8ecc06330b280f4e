/** What `child.test.ts` starts: answers twice, or fails. */
import { tellParent } from "../../lib/util/child.ts";

process.once("message", async ({ value, fail }: { value: Float32Array; fail: boolean }) => {
  if (fail) throw new Error("no such clip");
  await tellParent({ doubled: value.map((x) => 2 * x) });
  await tellParent({ pid: process.pid });
});
