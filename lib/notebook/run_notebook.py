"""Executes one notebook with nbclient and writes it back, reporting each cell as a line of JSON on standard output.

Usage: run_notebook.py NOTEBOOK KERNEL FOLDER SECONDS PARENT

NOTEBOOK is read and overwritten, also when a cell fails; FOLDER is where the kernel runs; SECONDS is the time limit of
a cell, which a cell can set for itself as `timeout` in its metadata. A cell over its limit is interrupted, and that
is a failure even for a cell tagged `raises-exception`. Exits with 1 when the notebook failed. PARENT is the number of the
process that started it: when that is gone, nobody waits any more, and the kernel and this program are ended.
"""

import asyncio
import json
import os
import re
import signal
import sys
import threading
import time

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# Output still under way when a cell ends is waited for; losing it silently is nbclient's default after 4 seconds.
OUTPUT_SECONDS = 120
# A kernel that does not answer an interrupt for this long is ended.
GRACE_SECONDS = 10


# How often is looked whether the parent is still there.
LOOK_SECONDS = 0.5
# A kernel that is told to end may take so long to end its own processes.
END_SECONDS = 3
SURROGATE = re.compile("[\ud800-\udfff]")


def end_kernel(client):
    """Asks the kernel to end, which then ends its own processes, and ends what is left of its group."""
    process = getattr(getattr(client.km, "provisioner", None), "process", None)
    if process is None or process.poll() is not None:
        return
    group = os.getpgid(process.pid)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, sign)
        except ProcessLookupError:
            return
        until = time.monotonic() + END_SECONDS
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)


def end_with(parent, client):
    """On a thread of its own, since cells may compute for hours."""

    def watch():
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        end_kernel(client)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def write(notebook, path):
    """Halves of characters, which a cell can print but no file can hold, become the sign for what is not known."""
    text = SURROGATE.sub("\ufffd", nbformat.writes(notebook))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")


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


def main(path, kernel, folder, seconds, parent):
    notebook = nbformat.read(path, as_version=4)
    client = make_client(notebook, kernel, float(seconds) if "." in seconds else int(seconds))
    end_with(int(parent), client)
    try:
        client.execute(cwd=folder)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, NoSuchKernel, RuntimeError) as error:
        report("error", cell=client.current, **failure(error, client))
        return 1
    finally:
        write(notebook, path)
    report("done")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
