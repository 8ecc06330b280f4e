"""Writes the golden values of this folder's JSON files.

Run from anywhere: python test/golden/make_golden.py && npx biome check --write test/golden
(needs node, torch >= 2.9, numpy, safetensors and scikit-image)
"""

import json
from pathlib import Path

import golden_small
from golden_model import model

FILES = {
    "rng": golden_small.rng,
    "pictures": golden_small.pictures,
    "operations": golden_small.operations,
    "optimisers": golden_small.optimisers,
    "safetensors": golden_small.files,
    "model": model,
}

for name, make in FILES.items():
    Path(__file__).with_name(f"{name}.json").write_text(json.dumps(make(), indent=1) + "\n")
    print(name)
