/** One line on stderr for each thing that is set up, so that a long wait is never unexplained. */
export const announce = (line: string): void => {
  process.stderr.write(`setup: ${line}\n`);
};

const MINUTE = 60;

/** Announces a step, runs it and announces how long it took. */
export async function announced<T>(what: string, step: () => Promise<T>): Promise<T> {
  announce(`${what} ...`);
  const start = performance.now();
  const result = await step();
  const seconds = Math.round((performance.now() - start) / 1000);
  const took = seconds < 2 * MINUTE ? `${seconds} s` : `${Math.round(seconds / MINUTE)} min`;
  announce(`${what}: ${took}`);
  return result;
}
