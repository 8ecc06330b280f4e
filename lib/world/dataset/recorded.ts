/** A world that is known from recordings alone: models and estimators are trained on it, but it has no levels to render. */
import { UserError } from "../../util/errors.ts";
import type { World, WorldDescription } from "../world.ts";

export const recordedWorld = (description: WorldDescription): World => ({
  ...description,
  level: () => {
    throw new UserError(
      `the world "${description.name}" is known from recordings alone, and has no true pictures of other places`,
      "measure its videos: npm run evaluate -- --videos DIR --actions FILE",
    );
  },
  close: async () => {},
});
