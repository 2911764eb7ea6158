"""A server on this machine that speaks as models do, over real sockets: an OpenAI-compatible chat endpoint and a Label Studio ML backend.

There is no model behind it: what it answers is scripted by the test, by the text that it is asked about. It checks what any such server
would check: the path, the key, the fields of the protocol.
"""

from __future__ import annotations

import http.server
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.local_server import running

KEY = "sk-of-the-test"


class Script:
    """answer(text): what is said of it; refuse: statuses to answer first, one a call; served_by: the model's name; seen: what came."""

    def __init__(self, answer: Callable[[str], str], key: str = KEY):
        self.answer, self.key = answer, key
        self.refuse: list[int] = []
        self.served_by = "scripted-1"
        self.seen: list[tuple[str, dict, dict]] = []  # path, headers, body


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        script: Script = self.server.script
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script.seen.append((self.path, dict(self.headers), sent))
        if script.refuse:
            return self._say(script.refuse.pop(0), {"error": "busy"}, {"Retry-After": "0"})
        speaks = {"/v1/chat/completions": _chat, "/predict": _label_studio}.get(self.path)
        if speaks is None:
            return self._say(404, {"error": "no such path"})
        return self._say(*speaks(script, self.headers, sent))

    def _say(self, status: int, body: dict, more: dict | None = None) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(raw)),
            **(more or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        """Silence: what came is in `seen`."""


def _chat(script: Script, headers, sent: dict) -> tuple[int, dict]:
    if headers["Authorization"] != f"Bearer {script.key}":
        return 401, {"error": {"message": "wrong key"}}
    roles = [message["role"] for message in sent["messages"]]
    if roles != ["system", "user"] or not sent["model"]:
        return 400, {"error": {"message": "model and messages are needed"}}
    said = script.answer(sent["messages"][1]["content"])
    message = {"role": "assistant", "content": said}
    usage = {"prompt_tokens": 40, "completion_tokens": 4, "total_tokens": 44}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return 200, {
        "id": "c1",
        "object": "chat.completion",
        "model": script.served_by,
        "choices": [choice],
        "usage": usage,
    }


def _label_studio(script: Script, headers, sent: dict) -> tuple[int, dict]:
    view = ET.fromstring(sent["label_config"])  # as written by us
    control, data = view.find("Choices"), view.find("Text")
    known = {one.get("value") for one in control.findall("Choice")}
    results = []
    for task in sent["tasks"]:
        said = script.answer(task["data"][data.get("value").removeprefix("$")])
        if said not in known:
            return 500, {"error": "not one of the choices"}
        value = {
            "from_name": control.get("name"),
            "to_name": control.get("toName"),
            "type": "choices",
            "value": {"choices": [said]},
        }
        results.append({"result": [value], "score": 0.9, "model_version": script.served_by})
    return 200, {"results": results}


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """The server's `host:port` while it runs."""
    with running(Handler, script=script) as server:
        yield f"127.0.0.1:{server.server_port}"
