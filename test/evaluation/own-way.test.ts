import assert from "node:assert/strict";
import { evaluationPrompts, type Prompt, trueVideo } from "../../lib/evaluation/index.ts";
import { ownWay } from "../../lib/evaluation/own-way.ts";
import { FRAMES_PER_LATENT, type Pose } from "../../lib/world/index.ts";
import { makeScene, renderPath } from "../../lib/world/plane/index.ts";
import { faded, frozen } from "../metrics/videos.ts";

const CLIPS = 3;
const prompts = evaluationPrompts("combined", 3, CLIPS);
const commandedEnds = ({ poses }: Prompt): Pose[] => poses.filter((_, frame) => frame % FRAMES_PER_LATENT === 0);

describe("a video on its own way", () => {
  it("is perfect where it shows what is to be seen from there, wherever it was told to go", () => {
    for (const prompt of prompts) {
      const obedient = ownWay({ frames: trueVideo(prompt), latentEnds: commandedEnds(prompt) }, prompt);
      assert.deepEqual(obedient, { psnr: new Array(CLIPS).fill(60), astray: new Array(CLIPS).fill(0) });
      const aside = prompt.poses.map((pose) => ({ ...pose, x: pose.x + 3, z: pose.z - 4, yaw: pose.yaw + 1 }));
      const frames = renderPath(makeScene(prompt.sceneSeed), aside);
      const elsewhere = ownWay({ frames, latentEnds: commandedEnds({ ...prompt, poses: aside }) }, prompt);
      assert.deepEqual(elsewhere.psnr, obedient.psnr);
      for (const distance of elsewhere.astray) assert.ok(Math.abs(distance - 5) < 1e-9);
    }
  });

  it("is worse the more it fades, and a frozen one is perfect only if it is known to stand still", () => {
    const [prompt] = prompts;
    const [truth, latentEnds] = [trueVideo(prompt), commandedEnds(prompt)];
    const faint = (share: number): number => ownWay({ frames: faded(truth, () => share), latentEnds }, prompt).psnr[2];
    assert.ok(faint(0.2) > faint(0.4) && faint(0.4) > faint(0.8));
    const still = latentEnds.map(() => prompt.poses[0]);
    assert.deepEqual(ownWay({ frames: frozen(truth), latentEnds: still }, prompt).psnr, new Array(CLIPS).fill(60));
    assert.ok(ownWay({ frames: frozen(truth), latentEnds }, prompt).psnr[2] < 20);
  });
});
