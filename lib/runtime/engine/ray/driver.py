"""Workers on a Ray cluster: actors that each keep one Node process (worker.ts).

Speaks with the engine (ray.ts) over standard input and output, in the messages of messages.ts. From the engine: `put` and `drop` a
stored value, `give` a job to a worker, `end`. To it: `ready`, `up`, `down`, `answer`, `note`, `failed`.
"""

import json
import os
import queue
import re
import socket
import struct
import subprocess
import sys
import threading

PREFIX = "<IQ"
WAIT = 0.2  # seconds, until new requests of the engine are looked at
START = 120  # seconds in which a worker greets
TOLD = 2000  # characters of what a worker said that are told when it dies
TRIES = 4  # to reach a cluster, or to start one
# What Ray says where something did not start within a time that nobody can set: 30 s for the server that a head starts for each
# Ray client, 15 s for a node's agents (ray-project/ray, issue 65983). On a busy machine that is too short the first time.
TOO_BUSY = re.compile(
    "Proxy failed to Connect to backend|Starting Ray client server failed|client connection timeout|timed out", re.IGNORECASE
)


def read(stream):
    """The next message, or None at the stream's end."""
    prefix = stream.read(struct.calcsize(PREFIX))
    if len(prefix) < struct.calcsize(PREFIX):
        return None
    header, body = struct.unpack(PREFIX, prefix)
    text = stream.read(header)
    content = stream.read(body)
    if len(text) < header or len(content) < body:
        return None
    return json.loads(text), content


def write(stream, header, body=b""):
    text = json.dumps(header).encode()
    stream.write(struct.pack(PREFIX, len(text), len(body)) + text)
    stream.write(body)
    stream.flush()


class Gone(Exception):
    """The Node process ended."""


class Unfit(Exception):
    """No worker can run on this node; another try would not help."""


class Worker:
    """One Node process on some node of the cluster."""

    def __init__(self, root, node):
        self.root = os.environ.get("WORLDCOMPASS_HOME", root)
        self.node = os.environ.get("WORLDCOMPASS_NODE", node)
        self.process = None
        self.has = []

    def hello(self):
        import ray

        place = ray.util.get_node_ip_address()
        script = os.path.join(self.root, "lib", "runtime", "engine", "worker.ts")
        if not os.path.exists(script):
            raise Unfit(f"{place} has no project in {self.root}; put it there, or name its folder in WORLDCOMPASS_HOME")
        answers, theirs = os.pipe()
        command = [self.node, "--import", "tsx", script, str(theirs)]
        try:
            self.process = subprocess.Popen(
                command, cwd=self.root, stdin=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[theirs]
            )
        except OSError as error:
            raise Unfit(f"{place} cannot start {self.node}: {error}; install Node, or name it in WORLDCOMPASS_NODE")
        os.close(theirs)
        self.answers = os.fdopen(answers, "rb")
        self.said = b""
        threading.Thread(target=self._listen, daemon=True).start()
        late = threading.Timer(START, self.process.kill)
        late.start()
        message = read(self.answers)
        late.cancel()
        if message is None:
            raise Unfit(f"the worker on {place} does not start: {self._last_words()}; run `npm run doctor` there")
        return place, message[0]

    def work(self, job, body, stored):
        """Gives the job, and answers with the first message that comes of it."""
        import ray

        needed = [sha256 for sha256, _ in stored]
        self.said = b""
        try:
            for sha256 in self.has:
                if sha256 not in needed:
                    write(self.process.stdin, {"kind": "drop", "sha256": sha256})
            for sha256, box in stored:
                if sha256 not in self.has:
                    write(self.process.stdin, {"kind": "store", "sha256": sha256}, ray.get(box[0]))
            self.has = needed
            write(self.process.stdin, job, body)
        except OSError:
            pass  # It is gone; next() says so.
        return self.next()

    def next(self):
        message = read(self.answers)
        if message is None:
            raise Gone(f"its Node process ended with code {self.process.wait()}: {self._last_words()}")
        return message

    def _listen(self):
        for line in self.process.stderr:
            self.said = (self.said + line)[-TOLD:]

    def _last_words(self):
        lines = self.said.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


class Driver:
    def __init__(self, options):
        self.options = options
        self.refs = {}  # sha256 -> reference of a stored value
        self.workers = {}  # number -> actor
        self.pending = {}  # reference of an answer that is to come -> (number, is it the greeting?)
        self.started = 0
        self.requests = queue.Queue()

    def tell(self, header, body=b""):
        write(sys.stdout.buffer, header, body)

    def hire(self):
        import ray

        self.started += 1
        actor = ray.remote(num_cpus=self.options["cpus"], max_restarts=0)(Worker)
        worker = actor.remote(self.options["root"], self.options["node"])
        self.workers[self.started] = worker
        self.pending[worker.hello.remote()] = (self.started, True)

    def lose(self, number, why):
        """A worker is gone: another is asked for, which waits until the cluster has room."""
        import ray

        ray.kill(self.workers.pop(number), no_restart=True)
        self.tell({"kind": "down", "worker": number, "why": why})
        self.hire()

    def heard(self, ref):
        import ray

        number, greeting = self.pending.pop(ref)
        try:
            answer = ray.get(ref)
        except ray.exceptions.RayTaskError as error:
            # By name: the exception comes with a class of its own.
            if type(error.cause).__name__ == "Unfit":
                raise Unfit(str(error.cause)) from error
            self.lose(number, str(error.cause))
        except ray.exceptions.RayActorError as error:
            self.lose(number, "its node or its actor died: " + str(error).strip().splitlines()[0])
        except ray.exceptions.ObjectLostError:
            self.lose(number, "its answer was lost with its node")
        else:
            if greeting:
                self.tell({"kind": "up", "worker": number, "where": answer[0], "hello": answer[1]})
                return
            header, body = answer
            if header["kind"] == "report":
                self.pending[self.workers[number].next.remote()] = (number, False)
            self.tell({"kind": "answer", "worker": number, "header": header}, body)

    def do(self, header, body):
        import ray

        kind = header["kind"]
        if kind == "put":
            self.refs[header["sha256"]] = ray.put(body)
            self.tell({"kind": "stored", "sha256": header["sha256"]})
        elif kind == "drop":
            self.refs.pop(header["sha256"], None)
        elif kind == "give" and header["worker"] in self.workers:
            # In a list, so that the reference gets there and not what it refers to.
            stored = [(sha256, [self.refs[sha256]]) for sha256 in set(header["job"]["stored"].values())]
            ref = self.workers[header["worker"]].work.remote(header["job"], body, stored)
            self.pending[ref] = (header["worker"], False)

    def listen(self):
        while (message := read(sys.stdin.buffer)) is not None and message[0]["kind"] != "end":
            self.requests.put(message)
        self.requests.put(None)

    def serve(self):
        import ray

        threading.Thread(target=self.listen, daemon=True).start()
        for _ in range(self.options["workers"]):
            self.hire()
        while True:
            done, _ = ray.wait(list(self.pending), timeout=WAIT if self.pending else 0)
            for ref in done:
                self.heard(ref)
            block = not self.pending
            while block or not self.requests.empty():
                block = False
                message = self.requests.get()
                if message is None:
                    return
                self.do(*message)


def knock(address):
    """Ray itself would try for many minutes."""
    host, port = address.removeprefix("ray://").rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=20).close()
    except OSError as error:
        raise ConnectionError(f"nothing answers at {address}: {error}") from error


def patiently(attempt, note):
    """What the attempt answers; where the machine was too busy it is made again, and a note says so."""
    for tries in range(1, TRIES + 1):
        try:
            return attempt()
        except Exception as error:
            if tries == TRIES or not TOO_BUSY.search(str(error)):
                raise
            note(f"{in_a_line(error)} It is tried again ({tries + 1} of {TRIES}).")


def connect(options, note):
    """Joins the cluster at the address, or the one of this machine; without one it starts one here."""
    import ray

    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    address = options.get("address")
    if address:
        knock(address)
        patiently(lambda: ray.init(address=address, **quiet), note)
        return f"Ray at {address}"
    try:
        ray.init(address="auto", **quiet)
        return f"Ray at {ray.get_runtime_context().gcs_address}"
    except ConnectionError:
        size = {"num_cpus": options["workers"] * options["cpus"], "object_store_memory": options["store"]}
        patiently(lambda: ray.init(address="local", include_dashboard=False, **size, **quiet), note)
        return "a Ray cluster of this machine"


def in_a_line(error):
    """What an error says first; where that only announces, what it says last as well."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    return f"{lines[0]} {lines[-1]}" if lines[0].endswith(":") and len(lines) > 1 else lines[0]


def main():
    options = json.loads(sys.argv[1])
    out = sys.stdout
    sys.stdout = sys.stderr  # What Ray prints is no message.
    driver = Driver(options)
    driver.tell = lambda header, body=b"": write(out.buffer, header, body)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Of a new cluster: its workers have as long as ours to start.
    os.environ.setdefault("RAY_worker_register_timeout_seconds", str(START))
    import ray

    try:
        note = lambda text: driver.tell({"kind": "note", "text": text})
        driver.tell({"kind": "ready", "where": connect(options, note)})
        driver.serve()
    except Unfit as error:
        driver.tell({"kind": "failed", "why": str(error), "fit": False})
    except Exception as error:
        driver.tell({"kind": "failed", "why": in_a_line(error), "fit": True})
    ray.shutdown()


if __name__ == "__main__":
    main()
