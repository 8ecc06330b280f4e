#!/usr/bin/env node
// `typebook`: makes the kernel known to Jupyter, and takes it back.
import { compiledFolder, run } from "../launch/places.mjs";

await run(await compiledFolder(), "install/main");
