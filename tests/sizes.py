"""How much the tests of the bars do. The suite runs the small number; the environment asks for the bar's own:

ILIMA_HISTORIES=5000 ILIMA_SEED=1 ./run test tests/ledger/test_histories.py
"""

import os


def _number(name: str, small: int) -> int:
    return int(os.environ.get(name, small))


SEED = _number("ILIMA_SEED", 20261122)
HISTORIES = _number("ILIMA_HISTORIES", 500)  # of the ledger; the bar is 5,000
PAYOUTS_EACH = _number("ILIMA_PAYOUTS_EACH", 30)  # of every fault of a rail; the bar is 1,000
BODIES = _number("ILIMA_BODIES", 60)  # of every operation of the API; the bar is 500
QUERY_VALUES = _number("ILIMA_QUERY_VALUES", 100)  # of every parameter of every GET: all there are
MONEY_HISTORIES_FAST = _number("ILIMA_MONEY_HISTORIES_FAST", 30)  # of 60 steps
MONEY_HISTORIES = _number("ILIMA_MONEY_HISTORIES", 20)  # the bar is 2,000
MONEY_STEPS = _number("ILIMA_MONEY_STEPS", 200)
OFFLINE_LOOPS = _number("ILIMA_OFFLINE_LOOPS", 4)  # of a phone without network, killed; the bar is 200
FUZZED = _number("ILIMA_FUZZED", 3)  # requests of every operation, made from docs/openapi.json
