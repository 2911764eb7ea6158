"""The kinds of account and which of them may never fall below zero."""

REQUESTER_FUNDS = "requester_funds"
BATCH_ESCROW = "batch_escrow"
WORKER_PENDING = "worker_pending"
WORKER_AVAILABLE = "worker_available"
PAYOUT_IN_FLIGHT = "payout_in_flight"
PROVIDER_FLOAT = "provider_float"
PLATFORM_FEE = "platform_fee"
PROVIDER_COST = "provider_cost"
GOODWILL = "goodwill"
SUSPENSE = "suspense"
REQUESTER_DEBT = "requester_debt"
DONATION = "donation"
JUDGE_ESCROW = "judge_escrow"
MODEL_COST = "model_cost"

KIND_LABELS = {
    REQUESTER_FUNDS: "the requester's funds",
    BATCH_ESCROW: "the batch's escrow",
    WORKER_PENDING: "the worker's pending money",
    WORKER_AVAILABLE: "the worker's available money",
    PAYOUT_IN_FLIGHT: "the payout in flight",
    PROVIDER_FLOAT: "the money held with the provider",
    PLATFORM_FEE: "the platform's fees",
    PROVIDER_COST: "the provider's charges",
    GOODWILL: "goodwill",
    SUSPENSE: "money in suspense",
    REQUESTER_DEBT: "what the requester owes",
    DONATION: "money given away",
    JUDGE_ESCROW: "the judge's escrow",
    MODEL_COST: "what is owed for a model's answers",
}
KINDS = tuple(KIND_LABELS)

# Somebody else's money, which cannot be spent twice, and goodwill, which the operator has to fund before it is given: the database
# refuses a balance below zero.
NEVER_NEGATIVE = (
    REQUESTER_FUNDS,
    BATCH_ESCROW,
    WORKER_PENDING,
    WORKER_AVAILABLE,
    PAYOUT_IN_FLIGHT,
    GOODWILL,
    JUDGE_ESCROW,
    MODEL_COST,
)

# What somebody owes the platform: a claim, so never a credit. Nobody pays back more than was owed.
NEVER_POSITIVE = (REQUESTER_DEBT,)
