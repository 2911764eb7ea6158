import argparse
import os
from pathlib import Path

from payouts.simulated_rail.server import Rail


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m payouts.simulated_rail", description="A payment rail to practise on."
    )
    parser.add_argument("--port", type=int, default=8090, help="0 picks a free one; the choice is printed")
    parser.add_argument("--books", type=Path, required=True, help="SQLite file, made when absent")
    parser.add_argument("--callback", default="", help="where to tell of outcomes; none when empty")
    secret = os.environ.get("RAIL_SECRET", "demo-rail-secret")
    parser.add_argument("--secret", default=secret, help="shared with the platform: signs callbacks, opens the door")
    parser.add_argument("--fee-micro", type=int, default=0, help="what the rail charges for each order it carries out")
    parser.add_argument(
        "--by-hand", action="store_true", help="callbacks and late events only on POST /control/tick (tests)"
    )
    chosen = parser.parse_args()
    rail = Rail(chosen.port, chosen.books, chosen.callback, chosen.secret, chosen.fee_micro, by_hand=chosen.by_hand)
    print(f"simulated rail on http://127.0.0.1:{rail.port}", flush=True)
    rail.serve()


if __name__ == "__main__":
    main()
