/** The ranges that our numbers have, as schemas: one source for types, checks, defaults, `--help` and docs/commands.md. */
import { z } from "zod";

/**
 * How many: a whole number, 1 or more.
 * @param most where each takes memory: far above what is of use, so that a slip of the keyboard is refused at once
 */
export const count = (most = Number.MAX_SAFE_INTEGER) => z.int().min(1).max(most);

/** A whole number, 0 or more; also of random streams. */
export const whole = () => z.int().min(0);

/** A part of the whole, 0 to 1. */
export const share = () => z.number().min(0).max(1);

/** How much is kept of an average from step to step: from 0 up to, but not, 1. */
export const decay = () => z.number().min(0).lt(1);

/** Above 0: a rate, a norm, seconds. */
export const positive = () => z.number().gt(0);

/** 0 or more: what a term of a sum counts, or a noise's standard deviation. */
export const weight = () => z.number().min(0);

/** A name or a path; not empty. */
export const text = () => z.string().min(1);

/** Threads of one operation; native libraries fail at numbers far above a machine's cores. */
export const MOST_THREADS = 256;
export const threads = () =>
  z.int().min(1).max(MOST_THREADS).optional().describe("Threads of one operation; every core where not given.");
