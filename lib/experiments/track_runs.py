"""Logs runs to trackio, the local tracker with the interface of Weights & Biases: one JSON object a line on standard input."""

import json
import sys

import trackio

for line in sys.stdin:
    run = json.loads(line)
    trackio.init(project=run["project"], name=run["name"], config=run["config"], resume="never", auto_log_gpu=False, auto_log_cpu=False)
    for record in run["records"]:
        step = record.pop("step")
        trackio.log(record, step=step)
    trackio.finish()
    print(f"{run['name']}: {len(run['records'])} records", flush=True)
