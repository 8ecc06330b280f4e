import assert from "node:assert/strict";
import { decodeSafetensors, encodeSafetensors } from "../../lib/util/safetensors.ts";
import { FILE_METADATA, fileTensors, readGolden } from "../golden/golden.ts";

/** Made by test/golden/make_golden.py with Python's safetensors package. */
const golden = readGolden<{ theirs: string; ours: string }>("safetensors");

describe("safetensors and Python's package of that name", () => {
  it("our bytes are those that it has read", () => {
    assert.equal(encodeSafetensors(fileTensors(), FILE_METADATA).toString("hex"), golden.ours);
  });

  it("we read its bytes", () => {
    const { tensors, metadata } = decodeSafetensors(Buffer.from(golden.theirs, "hex"), "theirs");
    assert.deepEqual(metadata, FILE_METADATA);
    assert.deepEqual({ ...tensors }, fileTensors());
  });
});
