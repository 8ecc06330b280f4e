/** Int32 slots shared by the executor's main thread and its control thread. */
export const SLOT = {
  /** The cell that must stop, BACKGROUND, or 0. Transformed code looks at this one: index 0 by contract. */
  flag: 0,
  /** The cell that is running, or 0. */
  current: 1,
  /** The last cell for which an interrupt arrived, perhaps before it started. */
  requested: 2,
  /** Counts answers to input requests; the main thread sleeps on it. */
  input: 3,
  /** Counts interrupts. */
  count: 4,
} as const;

export const SLOTS = 5;

/** Stops whatever runs while no cell does. */
export const BACKGROUND = -1;
