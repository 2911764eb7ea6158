"""Serve the local chain on 127.0.0.1."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from eth_account import Account
from eth_utils import to_bytes

from anchoring.local_chain.evm import LocalChain
from anchoring.local_chain.server import Server

DEMO_KEY = "0x" + "22" * 32


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m anchoring.local_chain", description=__doc__)
    parser.add_argument("--port", type=int, default=8545)
    parser.add_argument("--state", type=Path, help="folder for the blocks; without it they are forgotten at the end")
    parser.add_argument("--block-s", type=float, default=2.0, help="seconds between blocks while something waits")
    parser.add_argument("--fund", action="append", default=[], help="address with money from the start (repeatable)")
    parser.add_argument("--no-automine", action="store_true", help="mine on evm_mine only")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    anchor_key = os.environ.get("ANCHOR_PRIVATE_KEY", DEMO_KEY)
    funded = [Account.from_key(anchor_key).address, *options.fund]
    chain = LocalChain([to_bytes(hexstr=a) for a in funded], options.state, automine=not options.no_automine)
    server = Server(("127.0.0.1", options.port), chain)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"Local chain at http://127.0.0.1:{server.server_port}, block {chain.head.block_number}", flush=True)
    while not stop.wait(options.block_s):
        if not options.no_automine:
            server.tick()
    server.shutdown()
    sys.exit(0)


if __name__ == "__main__":
    main()
