import { now } from "./clock.ts";

/** Rounds and their length: at least this many, each at least this long. */
const ROUNDS = 7;
const ROUND_MS = 100;

/** `%timeit`: prints the mean and spread of the time that one call takes. Promises are awaited. */
export async function timeit(run: () => unknown): Promise<void> {
  const loops = await loopsPerRound(run);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push((await timeLoops(run, loops)) / loops);
  const mean = times.reduce((sum, time) => sum + time, 0) / ROUNDS;
  const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / ROUNDS);
  console.log(
    `${duration(mean)} ± ${duration(deviation)} per loop (mean ± std of ${ROUNDS} runs, ${loops} loops each)`,
  );
}

async function loopsPerRound(run: () => unknown): Promise<number> {
  for (let loops = 1; ; loops *= 10) {
    if ((await timeLoops(run, loops)) * 10 > ROUND_MS) return loops;
  }
}

/** Milliseconds. */
async function timeLoops(run: () => unknown, loops: number): Promise<number> {
  const { __wcFlag: flag, __wcStop: stop } = globalThis as unknown as { __wcFlag: Int32Array; __wcStop: () => void };
  const start = now();
  for (let loop = 0; loop < loops; loop++) {
    if (flag[0]) stop();
    const result = run();
    if (result instanceof Promise) await result;
  }
  return now() - start;
}

function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toPrecision(3)} s`;
  if (ms >= 1) return `${ms.toPrecision(3)} ms`;
  return ms >= 1e-3 ? `${(ms * 1e3).toPrecision(3)} µs` : `${(ms * 1e6).toPrecision(3)} ns`;
}
