"""The decision rule of consensus/core/labels/integer_rule.py for one item, in plain Python: who checks a bundle needs no library."""

UNIT, MILLION, SHIFT = 1024, 10**6, 26
# round(2^26 exp(-2^j / 1024)); the verifier in the browser has the same (worker_app/src/verify/rule.ts)
EXP_BITS = (
    67043360, 66977920, 66847231, 66586619, 66068437, 65044141, 63042943, 59223365,
    52264436, 40703584, 24687971, 9082197, 1229142, 22513, 8,
)  # fmt: skip


def decide(inputs: dict) -> str:
    """The label of the largest sum, ties to the first."""
    scores = _scores(inputs)
    return inputs["labels"][scores.index(max(scores))]


def confidence_ppm(inputs: dict) -> int:
    """How sure the votes are by the published softening; votes without a weight are not counted."""
    scores, soft = _scores(inputs), inputs["softening"]
    others = max(sum(any(vote["weights"]) for vote in inputs["votes"]) - 1, 0)
    worth = UNIT + soft["correlation"] * others
    total = sum(_exp(soft["power"] * (max(scores) - score) // worth) for score in scores)
    shared = soft["shared_ppm"]
    sure = (MILLION - shared) * (MILLION * 2**SHIFT // total) + MILLION * shared // len(scores)
    return min(sure // MILLION, MILLION - 1)


def _scores(inputs: dict) -> list[int]:
    scores = list(inputs["prior"])
    for vote in inputs["votes"]:
        scores = [score + weight for score, weight in zip(scores, vote["weights"], strict=True)]
    if len(scores) != len(inputs["labels"]):
        raise ValueError("prior must have one integer a label")
    return scores


def _exp(gap: int) -> int:
    """exp(-gap / 1024) in units of 2^-26."""
    value = 2**SHIFT if gap < 2 ** len(EXP_BITS) else 0
    for bit, factor in enumerate(EXP_BITS):
        value = value * factor >> SHIFT if gap >> bit & 1 else value
    return value
