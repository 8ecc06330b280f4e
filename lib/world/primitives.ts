import { ACTIONS, actionOf, isBasic, isCombined } from "./actions.ts";

const FOUR = [1, 2, 3, 4];
const DIAGONALS = [5, 6, 7, 8];

/** The paper's 32 primitives: 4 translations, 4 rotations, the diagonals of each, and 16 translations with a turn. */
export const PRIMITIVES: readonly number[] = [
  ...FOUR.map((t) => actionOf(t, 0)),
  ...FOUR.map((r) => actionOf(0, r)),
  ...DIAGONALS.map((t) => actionOf(t, 0)),
  ...DIAGONALS.map((r) => actionOf(0, r)),
  ...FOUR.flatMap((t) => FOUR.map((r) => actionOf(t, r))),
];
export const BASIC_PRIMITIVES: readonly number[] = PRIMITIVES.filter(isBasic);
export const COMBINED_PRIMITIVES: readonly number[] = PRIMITIVES.filter(isCombined);
/** Combined primitives that post-training never commands, a quarter of them and some of each kind: only evaluation does. */
export const HELD_OUT: readonly number[] = [
  actionOf(DIAGONALS[1], 0),
  actionOf(0, DIAGONALS[1]),
  ...FOUR.map((both) => actionOf(both, both)),
];
export const ALL_ACTIONS: readonly number[] = Array.from({ length: ACTIONS }, (_, action) => action);
