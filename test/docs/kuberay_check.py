"""Checks KubeRay's job of the docs against its schema, and that the schema would find mistakes. Usage: kuberay_check.py SCHEMA JOB"""

import copy
import gzip
import json
import sys

import jsonschema
import yaml

schema = json.loads(gzip.open(sys.argv[1]).read())["schema"]
job = yaml.safe_load(open(sys.argv[2]))
check = jsonschema.Draft202012Validator(schema)
for error in check.iter_errors(job):
    sys.exit(f"{'.'.join(map(str, error.absolute_path))}: {error.message}")

mistakes = {
    "a name": lambda spec: spec.update(entrypiont="x"),
    "a type": lambda spec: spec.update(backoffLimit="three"),
    "a lack": lambda spec: spec["rayClusterSpec"]["workerGroupSpecs"][0].pop("groupName"),
    "a container": lambda spec: spec["rayClusterSpec"]["headGroupSpec"]["template"]["spec"]["containers"][0].update(imgae="x"),
}
for name, spoil in mistakes.items():
    spoilt = copy.deepcopy(job)
    spoil(spoilt["spec"])
    if check.is_valid(spoilt):
        sys.exit(f"{name} is not found")
print(job["kind"])
