"""Runs cells through a Jupyter server, as VS Code and other front-ends do that connect to one.

Usage: server.py URL FOLDER; prints one line of JSON per finding.
"""

import json
import sys
import uuid
from urllib.request import Request, urlopen

from websocket import create_connection

url, folder = sys.argv[1:]


def api(path, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{url}/api/{path}", data, {"Content-Type": "application/json"}, method=method)
    with urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Session:
    def __init__(self):
        path = f"{folder}/notebook.ipynb" if folder else "notebook.ipynb"
        asked = {"kernel": {"name": "typebook"}, "name": "", "path": path, "type": "notebook"}
        self.kernel = api("sessions", asked)["kernel"]["id"]
        channels = url.replace("http", "ws", 1) + f"/api/kernels/{self.kernel}/channels?session_id={uuid.uuid4()}"
        self.socket = create_connection(channels, timeout=120)

    def send(self, code):
        header = {"msg_id": str(uuid.uuid4()), "msg_type": "execute_request", "version": "5.3"}
        header |= {"username": "", "session": str(uuid.uuid4()), "date": "2026-01-01T00:00:00Z"}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        self.socket.send(json.dumps(message | {"buffers": []}))
        return header["msg_id"]

    def messages(self, wanted):
        while True:
            message = json.loads(self.socket.recv())
            if message["parent_header"].get("msg_id") == wanted:
                yield message["msg_type"], message["content"]

    def run(self, code):
        """Text of the cell's value, or its error's name."""
        value = None
        for kind, content in self.messages(self.send(code)):
            if kind == "execute_result":
                value = content["data"]["text/plain"]
            if kind == "error":
                value = content["ename"]
            if kind == "status" and content["execution_state"] == "idle":
                return value

    def interrupted(self, code):
        """The error's name, once the cell is done: what is sent before that is aborted with it."""
        name = None
        for kind, content in self.messages(self.send(code)):
            if kind == "stream":
                api(f"kernels/{self.kernel}/interrupt", {})
            if kind == "error":
                name = content["ename"]
            if kind == "status" and content["execution_state"] == "idle":
                return name


found = api("kernelspecs")["kernelspecs"]["typebook"]["spec"]
session = Session()
result = {
    "language": found["language"],
    "imported": session.run('import { twice } from "./helper.ts"; let kept = twice(21); kept'),
    "mistaken": session.run("kept = 'text'"),
    "interrupted": session.interrupted("console.log('go'); for (;;) {}"),
    "kept": session.run("kept"),
}
api(f"kernels/{session.kernel}/restart", {})
session.socket.close()
session = Session()
result["restarted"] = session.run("kept")
print(json.dumps(result))
