"""A push service on this machine, over real sockets: it checks what such services check (RFC 8030, 8292), and a phone that reads what
it was sent (RFC 8291), each written from the standard and not from the code that sends."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from notices.web_push import b64, point, raw_public, unb64
from tests.local_server import running


class Phone:
    """A browser's subscription with its secrets."""

    def __init__(self, host: str):
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        self.path = f"/send/{secrets.token_urlsafe(12)}"
        self.endpoint = f"http://{host}{self.path}"

    @property
    def keys(self) -> dict[str, str]:
        public = raw_public(self.key.public_key())
        return {"endpoint": self.endpoint, "p256dh": b64(public), "auth": b64(self.secret)}

    def read(self, body: bytes) -> dict:
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), point(b64(theirs)))
        info = b"WebPush: info\x00" + raw_public(self.key.public_key()) + theirs
        secret = _hmac(_hmac(self.secret, shared), info + b"\x01")
        prk = _hmac(salt, secret)
        content_key = _hmac(prk, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = _hmac(prk, b"Content-Encoding: nonce\x00\x01")[:12]
        plain = AESGCM(content_key).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02"), "the last record ends with its mark"
        return json.loads(plain[:-1])


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


class Service:
    """refuse: (status, Retry-After) to answer first, one a call. sent: what was taken, by path."""

    def __init__(self):
        self.refuse: list[tuple[int, str]] = []
        self.gone: set[str] = set()
        self.sent: list[tuple[str, dict[str, str], bytes]] = []
        self.asked = 0


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        service: Service = self.server.service
        body = self.rfile.read(int(self.headers["Content-Length"]))
        service.asked += 1
        if self.path in service.gone:
            return self._say(410)
        if service.refuse:
            return self._say(*service.refuse.pop(0))
        if not self.headers.get("TTL", "").isdecimal() or self.headers["Content-Encoding"] != "aes128gcm":
            return self._say(400)
        if len(body) > 4096:
            return self._say(413)
        if not _is_signed(self.headers["Authorization"], f"http://{self.headers['Host']}"):
            return self._say(403)
        service.sent.append((self.path, dict(self.headers), body))
        return self._say(201)

    def _say(self, status: int, after: str = "") -> None:
        self.send_response(status)
        if after:
            self.send_header("Retry-After", after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Silence: what came is in `sent`."""


def _is_signed(header: str, audience: str) -> bool:
    """Whether the token is signed by the key beside it, for this service, and ends within a day."""
    parts = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
    signed, _, signature = parts["t"].rpartition(".")
    raw = unb64(signature)
    pair = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        point(parts["k"]).verify(pair, signed.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    head, says = (json.loads(unb64(part)) for part in signed.split("."))
    in_time = 0 < says["exp"] - time.time() <= 86_400
    return head == {"typ": "JWT", "alg": "ES256"} and says["aud"] == audience and "sub" in says and in_time


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """The service's `host:port` while it runs."""
    with running(Handler, service=service) as server:
        yield f"127.0.0.1:{server.server_port}"
