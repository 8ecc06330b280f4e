/** Writes the tensors of safetensors.json to the given path, for Python's safetensors package to read: see golden_small.py. */
import { writeFileSync } from "node:fs";
import { encodeSafetensors } from "../../lib/util/safetensors.ts";
import { FILE_METADATA, fileTensors } from "./golden.ts";

writeFileSync(process.argv[2], encodeSafetensors(fileTensors(), FILE_METADATA));
