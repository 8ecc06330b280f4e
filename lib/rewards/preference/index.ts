/** Which of two pictures of a world is better: the public face of `lib/rewards/preference`. */
export { PREFERENCE_SPEC } from "./network.ts";
export { loadPreference, makePreference, type Pictured, type Preference, type PreferenceScores } from "./preference.ts";
