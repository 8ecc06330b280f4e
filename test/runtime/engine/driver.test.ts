/** What the driver does where Ray gives up on a busy machine. Of Ray itself: ray.python.ts. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fromRoot } from "../../../lib/util/root.ts";

/** The messages of Ray 2.60. */
const PROGRAM = `
import json, driver
def busy(times, text):
    tried, notes = [], []
    def attempt():
        tried.append(1)
        if len(tried) <= times: raise Exception(text)
        return "there"
    try: answer = driver.patiently(attempt, notes.append)
    except Exception as error: answer = "raised"
    return [answer, len(tried), notes]
proxy = "Initialization failure from server:\\nTraceback\\nRuntimeError: Proxy failed to Connect to backend! Check logs."
node = "The current node timed out during startup. This could happen because some of the raylet failed to startup."
print(json.dumps([busy(1, proxy), busy(2, node), busy(9, node), busy(1, "no such token")]))
`;

describe("a driver that joins or starts a Ray cluster", () => {
  it("tries again where the machine was too busy, says so, and gives up at last, or at once where that helps nothing", () => {
    const { stdout, stderr } = spawnSync("python3", ["-c", PROGRAM], {
      encoding: "utf8",
      env: { ...process.env, PYTHONPATH: fromRoot("lib/runtime/engine/ray"), PYTHONDONTWRITEBYTECODE: "1" },
    });
    assert.equal(stderr, "");
    const [proxy, node, never, other] = JSON.parse(stdout) as [string, number, string[]][];
    assert.deepEqual(proxy.slice(0, 2), ["there", 2]);
    assert.match(proxy[2][0], /^Initialization failure .* Proxy failed to Connect .* It is tried again \(2 of 4\)\.$/);
    assert.deepEqual(node.slice(0, 2), ["there", 3]);
    assert.deepEqual([never[0], never[1], never[2].length], ["raised", 4, 3]);
    assert.deepEqual(other, ["raised", 1, []]);
  });
});
