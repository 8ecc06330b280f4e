import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../lib/util/errors.ts";
import { ACTIONS, actionOf } from "../../lib/world/actions.ts";
import { actionsOf, commandsOf, keyOf, parsePoseString, printPoseString } from "../../lib/world/pose-string.ts";

const command = fc
  .tuple(fc.nat(ACTIONS - 1), fc.integer({ min: 1, max: 99 }))
  .map(([action, latents]) => ({ action, latents }));

describe("pose strings", () => {
  it("reads the paper's form", () => {
    assert.deepEqual(parsePoseString("w-3, right-2, dw-4"), [
      { action: actionOf(1, 0), latents: 3 },
      { action: actionOf(0, 2), latents: 2 },
      { action: actionOf(6, 0), latents: 4 },
    ]);
  });

  it("takes the keys of a diagonal in either order, and a translation with a turn", () => {
    assert.deepEqual(parsePoseString("dw-1,rightup-1"), parsePoseString("WD-1 , upright-1"));
    assert.equal(parsePoseString("w+right-4")[0].action, actionOf(1, 2));
    assert.equal(parsePoseString("upleft+as-4")[0].action, actionOf(7, 5));
    assert.equal(parsePoseString("none-4")[0].action, 0);
  });

  it("print and parse are inverses", () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1 }), (commands) => {
        assert.deepEqual(parsePoseString(printPoseString(commands)), commands);
      }),
    );
  });

  it("is of a length that memory can hold", () => {
    for (const text of ["w-4000000000", "w-1000001", `w-${"9".repeat(400)}`, "w-600000, d-600000"])
      assert.throws(() => parsePoseString(text), /UserError.*more than 1000000 latents/s, text);
    assert.equal(actionsOf(parsePoseString("w-1000000")).length, 1_000_001);
  });

  it("every action has a name of its own", () => {
    assert.equal(new Set(Array.from({ length: ACTIONS }, (_, action) => keyOf(action))).size, ACTIONS);
  });

  it("expands to one action a latent after the initial picture, and back", () => {
    const actions = actionsOf(parsePoseString("w-2, right-1"));
    assert.deepEqual([...actions], [0, 9, 9, 2]);
    assert.equal(printPoseString(commandsOf(actions)), "w-2, right-1");
  });

  it("names a wrong key and its position, and lists the valid ones", () => {
    const error = (text: string): UserError => {
      try {
        parsePoseString(text);
      } catch (caught) {
        assert.ok(caught instanceof UserError);
        return caught;
      }
      return assert.fail(`"${text}" was accepted`);
    };
    assert.match(error("w-3, jump-2").problem, /unknown key "jump" at position 6/);
    assert.match(error("w-3, jump-2").mend, /none, one of w, s, a, d, wa, .*downright/);
    assert.match(error("w+none-3").problem, /unknown key "none"/);
    for (const text of ["", "w", "w-", "w-0", "w-x", "w--1", "w-1,", "w+s-2", "left+right-2", "+-2"]) {
      assert.match(error(text).problem, /position \d+/, text);
    }
  });
});
