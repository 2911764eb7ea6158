"""Publishing an anchor, killed at each step and started again."""

import pytest
from django.db import connection

from anchoring.actions import confirm_anchor, publish_anchor, sign_anchor
from anchoring.actions.publish_anchor import publish_anchors
from anchoring.chains.json_rpc import JsonRpcChain
from anchoring.models import AnchorAttempt, AnchorTx
from tests.chain.anchors import check_everything_is_final, close, count_on_chain, settle_down
from tests.roles import as_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Killed(BaseException):
    """The process dies here: nothing after it runs, no handler of ours sees it."""


def dies_before(monkeypatch, module, name: str, calls: int = 1) -> None:
    """The `calls`-th call of module.name never begins."""
    _dies(monkeypatch, module, name, calls, after=False)


def dies_after(monkeypatch, module, name: str, calls: int = 1) -> None:
    """The `calls`-th call of module.name is done, but its caller never hears of it."""
    _dies(monkeypatch, module, name, calls, after=True)


def _dies(monkeypatch, module, name: str, calls: int, *, after: bool) -> None:
    real, made = getattr(module, name), []

    def dying(*arguments, **options):
        made.append(name)
        if len(made) == calls and not after:
            raise Killed
        result = real(*arguments, **options)
        if len(made) == calls:
            raise Killed
        return result

    monkeypatch.setattr(module, name, dying)


PLACES = [
    ("before the contract is signed", dies_before, publish_anchor, "sign_deployment", 1),
    ("in the middle of signing", dies_after, sign_anchor, "_attempt", 1),
    ("after the contract is signed", dies_after, publish_anchor, "sign_deployment", 1),
    ("in the middle of signing the period", dies_after, sign_anchor, "_attempt", 2),
    ("after the period is signed", dies_after, publish_anchor, "sign_anchor", 1),
    ("before the first is sent", dies_before, JsonRpcChain, "send_raw", 1),
    ("sent but not noted", dies_after, JsonRpcChain, "send_raw", 1),
    ("second sent but not noted", dies_after, JsonRpcChain, "send_raw", 2),
    ("second period sent but not noted", dies_after, JsonRpcChain, "send_raw", 3),
    ("mined but not looked at", dies_before, confirm_anchor, "_find_receipt", 1),
    ("seen but not noted", dies_before, confirm_anchor, "_note", 2),
    ("noted, the next not", dies_after, confirm_anchor, "_note", 2),
]


@pytest.mark.parametrize(("how", "module", "name", "calls"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_killed_and_started_again(worker, chain, monkeypatch, how, module, name, calls):
    close(worker)
    close(worker)
    with monkeypatch.context() as patch:
        how(patch, module, name, calls)
        with pytest.raises(Killed):
            settle_down(chain, rounds=8)
    connection.close()  # the dead process's session: its lock goes with it
    signed = dict(AnchorAttempt.objects.values_list("tx_hash", "raw"))
    settle_down(chain)
    check_everything_is_final(chain)
    assert AnchorAttempt.objects.count() == 3
    assert signed.items() <= dict(AnchorAttempt.objects.values_list("tx_hash", "raw")).items()


def test_control_signing_anew_after_a_kill_would_anchor_twice(worker, chain, monkeypatch):
    """Without the kept bytes and the nonce from our own table, the same story leaves a second transaction."""
    period = close(worker)
    with monkeypatch.context() as patch:
        dies_after(patch, JsonRpcChain, "send_raw", 2)
        with pytest.raises(Killed):
            publish_anchors()
    chain.mine()
    with as_owner():  # the application cannot forget what it signed
        AnchorTx.objects.filter(period=period).delete()
    settle_down(chain)
    mined = [tx for block in chain.journal.blocks for tx in block["raw"]]
    assert len(mined) == 3
    assert count_on_chain() == 1  # the contract still takes no harm: the same root again is a no-op
