"""Runs one kernel through what a notebook user meets; prints one JSON object, scenario -> what happened.

usage: behaviour.py KERNEL FOLDER WANTED
FOLDER receives two TypeScript files for the import scenarios; only scenarios run whose name contains WANTED.
"""

import json
import pathlib
import queue
import re
import sys
import time

import zmq
from jupyter_client.manager import KernelManager

LINES = 3000


class Session:
    """A kernel of its own for one scenario, so that a dead one spoils nothing else."""

    def __init__(self, kernel, folder):
        self.is_python = kernel == "python3"
        self.manager = KernelManager(kernel_name=kernel)
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def send(self, code):
        return self.client.execute(code, allow_stdin=False)

    def collect(self, request, timeout=20, patience=0.4):
        """Messages of a request until idle, and for `patience` seconds after it, because some kernels are late."""
        messages, deadline, self.idle = [], time.monotonic() + timeout, False
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=0.1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            messages.append(message)
            if message["content"].get("execution_state") == "idle":
                self.idle = True
                deadline = time.monotonic() + patience
        return messages

    def run(self, code, timeout=20, patience=0.4):
        return self.collect(self.send(code), timeout, patience)


def text(messages):
    parts = []
    for message in messages:
        content = message["content"]
        if message["msg_type"] == "stream":
            parts.append(content["text"])
        elif message["msg_type"] in ("execute_result", "display_data"):
            parts.append(str(content["data"].get("text/plain", "")))
        elif message["msg_type"] == "error":
            parts.append("\n".join([content["ename"], content["evalue"], *content["traceback"]]))
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(parts))


def flood(session, _):
    got = session.run(f"for (let i = 0; i < {LINES}; i++) console.log('line', i);", 30, patience=0)
    return f"{text(got).count('line')} of {LINES} before idle" if session.idle else "idle never comes"


def after_error(session, _):
    first = session.send("throw new Error('expected')")
    while session.client.get_shell_msg(timeout=20)["parent_header"].get("msg_id") != first:
        pass
    second = session.send("'second ' + 'ran'")
    return "runs" if "second ran" in text(session.collect(second, 10)) else "does not run"


def error_message(session, _):
    got = session.run("throw new RangeError('told')")
    errors = [m["content"] for m in got if m["msg_type"] == "error"]
    return f"{errors[0]['ename']}: {errors[0]['evalue']}" if errors else "no error message"


def type_error(session, _):
    shown = text(session.run("const word: string = 4; 'ran' + ' anyway'"))
    seen = "not assignable" in shown
    return ("cell fails" if "ran anyway" not in shown else "shown") if seen else "not noticed"


def closure(session, _):
    session.run("let n = 0; function inc() { n++; }")
    return text(session.run("n = 10; inc(); n")).strip()


def loop_speed(session, _):
    loop = "for (let k = 0; k < 1e6; k++) sum += k;"
    session.run("let sum = 0; let start = 0;")

    def best(code):
        return min(float(text(session.run(code, 60))) for _ in range(3))

    outside = best(f"start = performance.now(); {loop} performance.now() - start")
    inside = best(f"(() => {{ let sum = 0; const s = performance.now(); {loop} return performance.now() - s; }})()")
    return f"{outside / inside:.1f} times"


def interrupted(code, python=None):
    """`python` is the same for ipykernel; rows without it say nothing of ipykernel."""

    def scenario(session, _):
        if session.is_python and python is None:
            return "-"
        session.run("kept = 'kept'; ticks = 0" if session.is_python else "let kept = 'kept'; let ticks = 0;")
        request = session.send(f"print('go')\n{python}" if session.is_python else f"console.log('go'); {code}")
        time.sleep(1.5)
        session.manager.interrupt_kernel()
        session.collect(request, 8)
        if not session.manager.is_alive():
            return "kernel dies"
        if not session.idle:
            return "goes on"
        first = text(session.run("ticks")).strip()
        time.sleep(0.5)
        if text(session.run("ticks")).strip() != first:
            return "goes on in the background"
        return "stops, state kept" if "kept" in text(session.run("kept")) else "stops, state lost"

    return scenario


def heartbeat(session, _):
    request = session.send("const until = Date.now() + 4000; while (Date.now() < until) {}")
    time.sleep(1)
    session.client.hb_channel.pause()
    socket = zmq.Context.instance().socket(zmq.REQ)
    socket.linger = 0
    socket.connect(f"tcp://{session.manager.ip}:{session.manager.hb_port}")
    socket.send(b"ping")
    answers = bool(socket.poll(1500))
    session.collect(request, 10)
    return "answers" if answers else "silent"


def rejection(session, _):
    request = session.send("void Promise.reject(new Error('stray error')); 'value'")
    got = session.collect(request, 5, patience=1)
    if any(m["msg_type"] == "error" for m in got):
        return "cell fails"
    if not session.manager.is_alive():
        return "kernel dies"
    return "shown" if "stray error" in text(got) else "lost"


def project_import(session, folder):
    (folder / "leaf.ts").write_text("export const leaf: number = 1;\n")
    (folder / "middle.ts").write_text('import { leaf } from "./leaf.ts";\nexport const middle = leaf * 2;\n')
    code = 'const { middle } = await import("./middle.ts"); `value ${middle}`'
    if "value 2" not in text(session.run(code)):
        return "fails"
    (folder / "leaf.ts").write_text("export const leaf: number = 21;\n")
    return "loads, reloads" if "value 42" in text(session.run(code)) else "loads, stale"


def lines(session, _):
    code = "interface A {\n  a: number;\n}\n\nfunction fail(x: A): never {\n  throw new Error(`line six ${x.a}`);\n}\nfail({ a: 1 });"
    shown = text(session.run(code))
    return "right" if re.search(r"[:\]]6:\d+", shown) else "wrong" if re.search(r":\d+:\d+", shown) else "none"


ENDLESS_TYPES = (
    'type Walk<D extends 0[], P extends string> = D extends [0, ...infer R extends 0[]] '
    '? `${Walk<R, `${P}a`>}${Walk<R, `${P}b`>}` extends "" ? 1 : "x" : P;'
    f'let endless: Walk<[{", ".join(["0"] * 22)}], "0"> = "x"; await new Promise((r) => setTimeout(r, 20_000));'
)
SLEEP = "await new Promise((r) => setTimeout(r, 20_000));"
SCENARIOS = {
    "3000 lines of output": flood,
    "a cell sent at once after an error": after_error,
    "a failing cell tells": error_message,
    "a type error, headless": type_error,
    "`let n = 0; function inc() { n++; }`, then `n = 10; inc(); n` (11 is right)": closure,
    "loop over top-level variables, against the loop in a function": loop_speed,
    "interrupt: synchronous loop": interrupted("while (true) {}", "while True: pass"),
    "interrupt: loop after an await": interrupted("await null; while (true) {}"),
    "interrupt: async loop": interrupted("while (true) { ticks++; await new Promise((r) => setTimeout(r, 5)); }"),
    "interrupt: awaited sleep": interrupted(SLEEP, "import asyncio\nawait asyncio.sleep(20)"),
    "interrupt: recursion": interrupted(
        "function fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2); } fib(60)",
        "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(60)",
    ),
    "interrupt: callbacks of array methods": interrupted(
        "Array.from({ length: 2e9 }, (_, i) => i & 1)", "list(map(lambda i: i & 1, range(2_000_000_000)))"
    ),
    "interrupt: a backtracking regular expression": interrupted(
        "/(a+)+$/.test('a'.repeat(60) + 'b')", "import re\nre.match('(a+)+$', 'a' * 60 + 'b')"
    ),
    "interrupt: a child process that is waited for": interrupted(
        "const { execSync } = await import('node:child_process'); execSync('sleep 60')", "import subprocess\nsubprocess.run(['sleep', '60'])"
    ),
    "interrupt: long JSON": interrupted(
        "let o: unknown; for (let i = 0; i < 12; i++) o = [o, o, o, o, o, o, o, o].map((o) => ({ o })); JSON.stringify(o)",
        "import json\no = None\nfor i in range(12): o = [{'o': o}] * 8\njson.dumps(o)",
    ),
    "interrupt: while types are checked": interrupted(ENDLESS_TYPES),
    "heartbeat while a cell computes": heartbeat,
    "unhandled rejection": rejection,
    "project `.ts` import, then an edit of a file it imports": project_import,
    "line numbers in tracebacks": lines,
}


def main():
    kernel, folder, wanted = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    found = {}
    for name, scenario in SCENARIOS.items():
        try:
            if wanted not in name or (kernel == "python3" and not name.startswith("interrupt")):
                continue
            with Session(kernel, folder) as session:
                found[name] = scenario(session, folder)
        except Exception as error:
            found[name] = f"failed ({type(error).__name__})"
    print(json.dumps(found))


if __name__ == "__main__":
    main()
