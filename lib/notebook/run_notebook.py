"""Executes one notebook with nbclient and writes it back, reporting each cell as a line of JSON on standard output.

Usage: run_notebook.py NOTEBOOK KERNEL FOLDER SECONDS

NOTEBOOK is read and overwritten, also when a cell fails; FOLDER is where the kernel runs; SECONDS is the time limit of
a cell, which a cell can set for itself as `timeout` in its metadata. A cell over its limit is interrupted, and that
is a failure even for a cell tagged `raises-exception`. Exits with 1 when the notebook failed.
"""

import asyncio
import json
import sys
import time

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# Output still under way when a cell ends is waited for; losing it silently is nbclient's default after 4 seconds.
OUTPUT_SECONDS = 120
# A kernel that does not answer an interrupt for this long is ended.
GRACE_SECONDS = 10


def report(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


class Client(NotebookClient):
    """Interrupts a cell at its time limit, once, and gives it a moment to stop."""

    current = None
    started = 0.0
    expired = None

    async def _async_handle_timeout(self, timeout, cell=None):
        if self.expired is None:
            self.expired = timeout
            await self.km.interrupt_kernel()
            asyncio.get_running_loop().call_later(GRACE_SECONDS, self.give_up, self.current)
        return None

    def give_up(self, cell_index):
        if self.current == cell_index and not self.task_poll_for_reply.done():
            self.task_poll_for_reply.cancel()


def failure(error, client):
    if client.expired is not None:
        stopped = not isinstance(error, DeadKernelError)
        how = "was interrupted" if stopped else "did not answer the interrupt; the kernel was ended"
        return {"ename": "CellTimeout", "evalue": f"ran longer than {client.expired} s and {how}", "traceback": []}
    if isinstance(error, CellExecutionError):
        return {"ename": error.ename, "evalue": error.evalue, "traceback": client.traceback}
    return {"ename": type(error).__name__, "evalue": str(error), "traceback": []}


def make_client(notebook, kernel, seconds):
    client = Client(
        notebook,
        kernel_name=kernel,
        timeout_func=lambda cell: cell.metadata.get("timeout", seconds),
        skip_cells_with_tag="skip-execution",
        iopub_timeout=OUTPUT_SECONDS,
        raise_on_iopub_timeout=True,
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
    )
    client.traceback = []

    def on_execute(cell, cell_index):
        client.current, client.started = cell_index, time.monotonic()

    def on_executed(cell, cell_index, execute_reply):
        seconds_taken = round(time.monotonic() - client.started, 3)
        if client.expired is not None:
            raise CellTimeoutError("over the time limit")
        report("cell", cell=cell_index, seconds=seconds_taken)

    def on_error(cell, cell_index, execute_reply):
        client.traceback = execute_reply["content"].get("traceback", [])

    client.on_cell_execute = on_execute
    client.on_cell_executed = on_executed
    client.on_cell_error = on_error
    return client


def main(path, kernel, folder, seconds):
    notebook = nbformat.read(path, as_version=4)
    client = make_client(notebook, kernel, int(seconds))
    try:
        client.execute(cwd=folder)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, NoSuchKernel, RuntimeError) as error:
        report("error", cell=client.current, **failure(error, client))
        return 1
    finally:
        nbformat.write(notebook, path)
    report("done")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
