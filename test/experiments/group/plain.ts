/** The least arm: a sum, and when it was made. */
import type { RunArm } from "../../../lib/experiments/group/arm-task.ts";

const run: RunArm = ({ add }: { add: number }) => ({ sum: 1 + add, at: Date.now() });
export default run;
