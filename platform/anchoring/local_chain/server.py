"""HTTP in front of the local chain: one lock, one call at a time."""

import json
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from anchoring.local_chain import rpc
from anchoring.local_chain.evm import LocalChain

MAX_BODY_BYTES = 1_000_000


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], chain: LocalChain):
        super().__init__(address, Handler)
        self.chain = chain
        self.lock = threading.Lock()

    def answer(self, request: dict) -> dict:
        reply = {"jsonrpc": "2.0", "id": request.get("id")}
        try:
            with self.lock:
                return reply | {"result": rpc.call(self.chain, request["method"], request.get("params") or [])}
        except rpc.RpcError as error:
            return reply | {"error": error.body}
        except Exception as error:  # a fault of ours: say so in the protocol's words, and keep serving
            traceback.print_exc()
            return reply | {"error": {"code": -32603, "message": f"internal error: {error}"}}

    def tick(self) -> None:
        with self.lock:
            self.chain.tick()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each reply waits 40 ms for an acknowledgement
    server: Server

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        if not 0 < size <= MAX_BODY_BYTES:
            return self._send(413, {"error": f"The body must have 1 to {MAX_BODY_BYTES} bytes."})
        try:
            request = json.loads(self.rfile.read(size))
        except ValueError:
            return self._send(400, {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "parse error"}})
        many = isinstance(request, list)
        replies = [self.server.answer(one) for one in (request if many else [request])]
        return self._send(200, replies if many else replies[0])

    def _send(self, status: int, body) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args) -> None:
        """Quiet: the supervisor shows what matters."""
