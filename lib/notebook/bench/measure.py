"""Times one kernel as a front-end sees it; prints one JSON object.

usage: measure.py KERNEL FOLDER TFJS_IMPORT
FOLDER is where the notebook lies; TFJS_IMPORT is the cell that imports TensorFlow.js, empty to leave that out.
"""

import json
import statistics
import sys
import time

import nbclient
import nbformat
from jupyter_client.manager import KernelManager

TRIVIAL_CELLS = 50


def execute(client, code):
    start = time.perf_counter()
    reply = client.execute_interactive(code, timeout=120, allow_stdin=False, output_hook=lambda _: None)
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"{code}: {reply['content']}")
    return (time.perf_counter() - start) * 1000


def trivial(client, first):
    return statistics.median(execute(client, f"{first + i} + 1") for i in range(TRIVIAL_CELLS))


def interactive(kernel, folder, tfjs_import):
    start = time.perf_counter()
    manager = KernelManager(kernel_name=kernel)
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        execute(client, "1 + 1")
        found = {"start_ms": (time.perf_counter() - start) * 1000, "trivial_ms": trivial(client, 0)}
        if tfjs_import:
            found["tfjs_import_ms"] = execute(client, tfjs_import)
            found["trivial_after_tfjs_ms"] = trivial(client, 1000)
        return found
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def notebook(kernel, folder):
    cells = [nbformat.v4.new_code_cell(f"{i} + 1") for i in range(TRIVIAL_CELLS)]
    nb = nbformat.v4.new_notebook(cells=cells)
    client = nbclient.NotebookClient(nb, kernel_name=kernel, timeout=120, resources={"metadata": {"path": folder}})
    start = time.perf_counter()
    client.execute()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    kernel, folder, tfjs_import = sys.argv[1:4]
    result = interactive(kernel, folder, tfjs_import)
    result["notebook50_ms"] = notebook(kernel, folder)
    print(json.dumps(result))
