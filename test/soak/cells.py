"""Runs many cells in one kernel: cells.py KERNEL CELLS SAMPLES. Prints a line of JSON for each sample of its processes."""

import json
import sys

import psutil
from jupyter_client.manager import start_new_kernel

# What people do in cells, errors included; names come back, as they do in a notebook that is run again and again.
CELLS = [
    "let total{n}: number = {i}; total{n} + 1",
    "console.log('cell {i}', [1, 2, 3].map((x) => x * {i}));",
    "const rows{n} = Array.from({{ length: 1000 }}, (_, k) => ({{ k, square: k * k }})); rows{n}.length",
    "throw new Error('expected in cell {i}');",
    "import {{ readFileSync as read{n} }} from 'node:fs'; typeof read{n}",
    "await new Promise((resolve) => setTimeout(resolve, 1)); Buffer.alloc(1_000_000).length",
]
NAMES = 50
SECONDS = 300


def sizes(root):
    family = [root, *root.children(recursive=True)]
    return {
        "bytes": sum(process.memory_info().rss for process in family),
        "handles": sum(process.num_fds() if hasattr(process, "num_fds") else process.num_handles() for process in family),
        "processes": len(family),
    }


def main(kernel, cells, samples):
    manager, client = start_new_kernel(kernel_name=kernel, startup_timeout=SECONDS)
    try:
        root = psutil.Process(manager.provisioner.pid)
        for i in range(cells):
            code = CELLS[i % len(CELLS)].format(i=i, n=i % NAMES)
            reply = client.execute_interactive(code, timeout=SECONDS, output_hook=lambda message: None)
            expected = "error" if code.startswith("throw") else "ok"
            if reply["content"]["status"] != expected:
                raise SystemExit(f"cell {i} ended with {reply['content']}: {code}")
            if (i + 1) % max(1, cells // samples) == 0:
                print(json.dumps({"at": i + 1, **sizes(root)}), flush=True)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
