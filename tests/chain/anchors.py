"""What the tests of anchoring ask of the books and of the chain."""

from anchoring import contracts
from anchoring.actions.close_period import close_period
from anchoring.actions.confirm_anchor import confirm_anchors
from anchoring.actions.publish_anchor import publish_anchors
from anchoring.chains import get_chain
from anchoring.models import AnchorTx, Period
from tests.chain.world import earn


def close(worker) -> Period:
    earn(worker, 1000)
    return close_period()


def settle_down(chain, rounds: int = 6) -> None:
    """What beat does: publish, a block, confirm, until all is final (at most `rounds` times)."""
    for _ in range(rounds):
        publish_anchors()
        chain.mine()
        confirm_anchors()
        if not Period.objects.exclude(anchor__state="final").exists():
            return


def on_chain(number: int) -> tuple[str, str]:
    contract = AnchorTx.objects.get(period=None).contract
    read = get_chain().call
    return (
        read(contract, contracts.read_data("roots", number)).hex(),
        read(contract, contracts.read_data("headers", number)).hex(),
    )


def count_on_chain() -> int:
    contract = AnchorTx.objects.get(period=None).contract
    return int.from_bytes(get_chain().call(contract, contracts.read_data("count")), "big")


def check_everything_is_final(chain) -> None:
    """One anchor a period, no nonce hole, and the chain says what our books say."""
    periods = list(Period.objects.all())
    assert [period.state for period in periods] == ["final"] * len(periods)
    assert count_on_chain() == len(periods)
    for period in periods:
        assert on_chain(period.number) == (period.statements_root, period.header_hash)
    nonces = sorted(AnchorTx.objects.values_list("nonce", flat=True))
    assert nonces == list(range(len(periods) + 1))
    mined = [tx for block in chain.journal.blocks for tx in block["raw"]]
    assert len(mined) == len(periods) + 1
