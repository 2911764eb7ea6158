"""Work, money and proof."""

from server.conf.base import DEBUG, SECRET_KEY, SECRET_KEY_FALLBACKS, TESTING, env

CURRENCY = env.str("CURRENCY", default="USD")
TERMS_VERSION = "2026-11"  # of worker_app's page "Before you begin": whoever changes what it says changes this
PHONE_COUNTRY = env.str("PHONE_COUNTRY", default="ZA")  # of a phone number that is typed without its country code
LEASE_S = 30 * 60
PACK_LEASE_S = 12 * 3600  # of tasks that a worker takes along; both unless the batch says otherwise
LEASE_GRACE_S = env.int(
    "LEASE_GRACE_S", default=6 * 3600
)  # for a phone without signal: sent until then, an answer is paid
PACK_SIZE = 20
FIRST_DAY_MICRO = env.int(
    "FIRST_DAY_MICRO", default=500_000
)  # paid out at once on a first day of work; the rest a day later
# The platform's own money: funded by `manage.py fund_goodwill`, and never more than this of it a day, or for one appeal.
GOODWILL_DAY_MICRO = env.int("GOODWILL_DAY_MICRO", default=5_000_000)
GOODWILL_APPEAL_MICRO = env.int("GOODWILL_APPEAL_MICRO", default=50_000)
# An appeal against a missed known task from which more follows than this is decided by two people.
APPEAL_SECOND_MICRO = env.int("APPEAL_SECOND_MICRO", default=5_000_000)
WAGE_FLOOR_MICRO_PER_HOUR = env.int("WAGE_FLOOR_MICRO_PER_HOUR", default=2_000_000)
# What work that may disturb pays on top of the floor, in hundredths of a per cent.
CONTENT_UPLIFT_BPS = env.int("CONTENT_UPLIFT_BPS", default=2000)
# The server's own voice for instructions that nobody recorded: a command. It reads strangers' words outside of the sandbox that files are
# opened in, so it speaks only where it is asked for.
ESPEAK_NG = env.str("ESPEAK_NG", default="")
LABEL_API_WAITERS = env.int("LABEL_API_WAITERS", default=4)  # calls a web process may keep waiting, a thread each
PAYOUT_MIN_MICRO = env.int("PAYOUT_MIN_MICRO", default=100_000)
PLATFORM_FEE_BPS = env.int(
    "PLATFORM_FEE_BPS", default=0
)  # of pay, in hundredths of a per cent, for batches made from now on
# The rails: "name=dotted.path.of.its.Class,..." (docs/decisions/rails.md). The one named "simulated" only practises.
DONATIONS_TO = env.str(
    "DONATIONS_TO", default="the workers' fund"
)  # where she may give what is too little to be paid out
PAYOUT_PROVIDERS = env.dict("PAYOUT_PROVIDERS", default={"simulated": "payouts.providers.simulated.SimulatedProvider"})
PAYOUT_PROVIDER = env.str("PAYOUT_PROVIDER", default="")  # the rail of who names none; empty: the first
ALLOW_PRACTICE_RAIL = env.bool("ALLOW_PRACTICE_RAIL", default=False)  # with DEBUG off: yes, no real money shall move
# Safe values where money is real; the demo and the tests wait for nothing (docs/decisions/holds-on-money.md).
_REAL = not (DEBUG or TESTING)
PAYOUT_FIRST_WAIT_S = env.int("PAYOUT_FIRST_WAIT_S", default=86_400 if _REAL else 0)  # a number she was never paid to
PAYOUT_DAY_MICRO = env.int("PAYOUT_DAY_MICRO", default=200_000_000 if _REAL else 10**12)  # a worker, in 24 hours
PAYOUT_DAY_COUNT = env.int("PAYOUT_DAY_COUNT", default=10 if _REAL else 1000)
DEPOSIT_SETTLE_S = env.int(
    "DEPOSIT_SETTLE_S", default=7 * 86_400 if _REAL else 0
)  # until a first card payment counts as settled
DEPOSIT_DAY_MICRO = env.int(
    "DEPOSIT_DAY_MICRO", default=20_000 * 10**6 if _REAL else 10**12
)  # an organisation, in 24 hours
NEW_DEPOSIT_DAY_MICRO = env.int(
    "NEW_DEPOSIT_DAY_MICRO", default=500 * 10**6 if _REAL else 10**12
)  # one that has not settled yet
UNSETTLED_PAYOUT_MICRO = env.int("UNSETTLED_PAYOUT_MICRO", default=5_000_000)  # of a new organisation's money, at once
RAIL_URL = env.str("RAIL_URL", default="http://127.0.0.1:8090")
RAIL_SECRET = env.str("RAIL_SECRET", default="demo-rail-secret")
RAIL_DEADLINE_S = env.float("RAIL_DEADLINE_S", default=10)
# Seal phone numbers, webhook secrets and keys of models at rest; newest first. Of their own with DEBUG off (server/checks.py).
DESTINATION_KEYS = env.list("DESTINATION_KEYS", default=[SECRET_KEY, *SECRET_KEY_FALLBACKS])
LINK_KEY = env.str(
    "LINK_KEY", default=DESTINATION_KEYS[-1]
)  # numbers, devices and networks are compared by a keyed hash
# Hosts of models ("name:port") that may lie in a network of our own; all others are strangers' (docs/decisions/judges.md).
JUDGE_HOSTS = env.list("JUDGE_HOSTS", default=[])
WEBHOOK_TRANSPORT = env.str("WEBHOOK_TRANSPORT", default="intake.remote.post")
CHAIN_RPC_URL = env.str("CHAIN_RPC_URL", default="http://127.0.0.1:8545")
CHAIN_CLASS = env.str("CHAIN_CLASS", default="anchoring.chains.json_rpc.JsonRpcChain")
SIGNER_CLASS = env.str("SIGNER_CLASS", default="anchoring.signers.env_key.EnvKeySigner")
ANCHOR_PRIVATE_KEY = env.str("ANCHOR_PRIVATE_KEY", default="0x" + "22" * 32)
ANCHOR_CONTRACT = env.str("ANCHOR_CONTRACT", default="")  # its address; empty: our key deploys one of its own
ANCHOR_EVERY_S = env.int("ANCHOR_EVERY_S", default=86_400)  # a period ends at every multiple: midnight UTC
ANCHOR_STUCK_S = env.int("ANCHOR_STUCK_S", default=900)  # not mined after this: sent again with higher fees
ANCHOR_MAX_FEE_WEI = env.int("ANCHOR_MAX_FEE_WEI", default=300 * 10**9)  # a gas
