/** ViZDoom in the project's Python environment: an engine and free game data, for the world `doom` alone. */
import { type Extra, ensureExtra, extraFault } from "./extras.ts";

const VIZDOOM: Extra = {
  name: "vizdoom",
  module: "vizdoom",
  title: "ViZDoom (about 65 MB), for the world doom,",
  need: "the world doom needs ViZDoom",
  without: "then run `npm run setup -- --world doom`; the world courtyard works without",
};

export const vizdoomIsReady = async (): Promise<boolean> => (await extraFault(VIZDOOM)) === undefined;

/** @throws UserError where it cannot be installed */
export const ensureVizdoom = async (): Promise<void> => {
  await ensureExtra(VIZDOOM);
};
