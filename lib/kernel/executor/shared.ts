/** Int32 slots shared by the executor's main thread and its control thread. */
export const SLOT = {
  /** Not 0 when something must stop. Transformed code looks at this one: index 0 by contract. */
  flag: 0,
  /** How many cells are running. */
  running: 1,
  /** Cells up to this number must stop, those included that have not started yet. */
  requested: 2,
  /** Counts answers to input requests; the main thread sleeps on it. */
  input: 3,
  /** Counts interrupts. */
  count: 4,
  /** The last interrupt of which the main thread has heard. */
  heard: 5,
  /** Whether the main thread's execution may be stopped from outside, see scope.ts. */
  scope: 6,
  /** When the main thread entered its scope, in hundredths of a second since the process started. */
  entered: 7,
} as const;

export const SLOTS = 8;

/** Values of SLOT.scope. */
export const SCOPE = {
  /** Stopping now would take Node's own state apart. */
  outside: 0,
  /** User code runs that V8 may stop. */
  inside: 1,
  /** Inside, but the executor itself is writing: it must not be cut off in the middle. */
  writing: 2,
  /** The control thread has sent the signal. */
  stopping: 3,
} as const;
