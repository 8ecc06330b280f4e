/** What the loaders of backends share. */

export type Tfjs = typeof import("@tensorflow/tfjs");

/** What a loader of one backend answers: the name under which tfjs knows it, and facts to show. */
export interface Loaded {
  registered: string;
  device: string;
  threads: number;
  cost: string;
}
