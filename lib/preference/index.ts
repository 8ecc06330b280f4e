/** Which of two pictures of a world is better: the public face of `lib/preference`. */
export {
  type Agreement,
  agreementWithTruth,
  type GroupedCorrelation,
  groupedCorrelation,
  type PairAccuracy,
  pairAccuracies,
  type ScoredCase,
} from "./evaluate.ts";
export { PREFERENCE_SPEC } from "./network.ts";
export { loadPreference, makePreference, type Pictured, type Preference, type PreferenceScores } from "./preference.ts";
