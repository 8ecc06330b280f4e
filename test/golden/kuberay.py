"""Makes kuberay-rayjob.json.gz: the schema of a RayJob, without its prose. Needs PyYAML.

    python kuberay.py helm-chart/kuberay-operator/crds/ray.io_rayjobs.yaml COMMIT     (of github.com/ray-project/kuberay)
"""

import gzip
import json
import sys

import yaml


def bare(value):
    """Without descriptions, and closed: a field that the schema does not know is an error, as `kubectl apply` says."""
    if isinstance(value, list):
        return [bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    out = {key: bare(each) for key, each in value.items() if not (key == "description" and isinstance(each, str))}
    if isinstance(out.get("properties"), dict) and "additionalProperties" not in out:
        if not out.get("x-kubernetes-preserve-unknown-fields"):
            out["additionalProperties"] = False
    if out.get("x-kubernetes-int-or-string"):
        out.pop("type", None)
    return out


def main(path, commit):
    with open(path) as file:
        crd = yaml.safe_load(file)
    [version] = [each for each in crd["spec"]["versions"] if each["name"] == "v1"]
    schema = bare(version["schema"]["openAPIV3Schema"])
    schema["properties"]["metadata"] = {"type": "object"}
    text = json.dumps({"commit": commit, "schema": schema}, separators=(",", ":"))
    with open("kuberay-rayjob.json.gz", "wb") as file:
        file.write(gzip.compress(text.encode(), 9, mtime=0))


main(*sys.argv[1:])
