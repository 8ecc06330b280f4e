import assert from "node:assert/strict";
import { groupsOf, marginals, readingsOf } from "../../../lib/rewards/actions/reading.ts";
import { UserError } from "../../../lib/util/errors.ts";

const CAMERA = { width: 2, height: 1, focal: 1, pitch: "turns" } as const;
const BYTES = 6;

describe("readings of clips", () => {
  it("a clip of 4 k + 1 frames has k groups of five, which share a frame", () => {
    const clip = Uint8Array.from({ length: 9 * BYTES }, (_, i) => Math.floor(i / BYTES));
    const { groups, counts } = groupsOf([clip, clip.subarray(0, 5 * BYTES)], CAMERA);
    assert.deepEqual(counts, [2, 1]);
    assert.deepEqual(
      groups.map((group) => [group[0], group[group.length - 1]]),
      [
        [0, 4],
        [4, 8],
        [0, 4],
      ],
    );
  });

  it("other numbers of frames are refused", () => {
    for (const frames of [0, 1, 4, 6, 5.5]) {
      assert.throws(() => groupsOf([new Uint8Array(frames * BYTES)], CAMERA), UserError);
    }
  });

  it("a latent's reading is that of its four steps", () => {
    const latent = (label: number) => ({
      label,
      translation: [label],
      rotation: [2 * label],
      motion: [0, 0, 0, label],
    });
    const [first, second] = readingsOf([latent(1), latent(2), latent(3)], [2, 1]);
    assert.deepEqual([...first.labels], [1, 1, 1, 1, 2, 2, 2, 2]);
    assert.deepEqual([...second.rotation], [6, 6, 6, 6]);
    assert.deepEqual([...(second.motion as Float32Array)].slice(0, 8), [0, 0, 0, 3, 0, 0, 0, 3]);
  });

  it("marginals add up over the other half of the action", () => {
    const joint = Float64Array.from({ length: 81 }, (_, a) => (a === 9 * 2 + 5 ? 0.75 : a === 9 * 2 + 1 ? 0.25 : 0));
    const { translation, rotation } = marginals(joint);
    assert.equal(translation[2], 1);
    assert.deepEqual([rotation[5], rotation[1]], [0.75, 0.25]);
  });
});
