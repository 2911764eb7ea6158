"""A real local chain behind HTTP, and the smallest world that has a ledger."""

import threading

import pytest
from eth_account import Account
from eth_utils import to_bytes

from anchoring.local_chain.evm import LocalChain
from anchoring.local_chain.server import Server
from tests.chain.world import fund, make_worker


def serve(chain: LocalChain) -> Server:
    server = Server(("127.0.0.1", 0), chain)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def sender(settings) -> str:
    return Account.from_key(settings.ANCHOR_PRIVATE_KEY).address


@pytest.fixture
def chain(settings, sender):
    """The chain behind settings.CHAIN_RPC_URL; blocks are mined when a test says so."""
    local = LocalChain([to_bytes(hexstr=sender)], automine=False)
    server = serve(local)
    settings.CHAIN_RPC_URL = f"http://127.0.0.1:{server.server_port}"
    yield local
    server.shutdown()
    server.server_close()


@pytest.fixture
def worker(chain):
    fund()
    return make_worker()
