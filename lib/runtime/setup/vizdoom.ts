/** ViZDoom in the project's Python environment: an engine and free game data, for the world `doom` alone. */
import { type Extra, ensureExtra, extraIsReady } from "./extras.ts";

const VIZDOOM: Extra = {
  name: "vizdoom",
  title: "ViZDoom (about 65 MB), for the world doom,",
  need: "the world doom needs ViZDoom",
  without: "then run `npm run setup -- --world doom`; the world courtyard works without",
  // Not what ViZDoom asks for for its own Gymnasium wrapper.
  bare: true,
};

export const vizdoomIsReady = (): Promise<boolean> => extraIsReady(VIZDOOM);

/** @throws UserError where it cannot be installed */
export const ensureVizdoom = (): Promise<void> => ensureExtra(VIZDOOM);
