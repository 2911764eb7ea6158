"""Publishing an anchor, killed at each step; re-orgs; stuck fees; a nonce that somebody else used."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from eth_account import Account
from eth_utils import to_bytes

from anchoring import contracts
from anchoring.actions import confirm_anchor, publish_anchor, sign_anchor
from anchoring.actions.close_period import close_period
from anchoring.actions.confirm_anchor import confirm_anchors
from anchoring.actions.publish_anchor import publish_anchors
from anchoring.chains import ChainError, get_chain
from anchoring.chains.json_rpc import JsonRpcChain
from anchoring.local_chain import rpc
from anchoring.local_chain.evm import CHAIN_ID
from anchoring.models import AnchorAttempt, AnchorTx, Period
from anchoring.tasks import advance, last_boundary
from tests.chain.world import earn, fund, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process dies here: nothing after it runs, no handler of ours sees it."""


@pytest.fixture
def worker(chain):
    fund()
    return make_worker()


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


def test_periods_are_anchored_in_order(worker, chain):
    close(worker)
    close(worker)
    settle_down(chain)
    close(worker)
    settle_down(chain)
    check_everything_is_final(chain)
    assert AnchorAttempt.objects.count() == 4


def test_states_of_a_period(worker, chain):
    period = close(worker)
    assert period.state == "closed"
    publish_anchors()
    assert period.state == "sent"
    chain.mine()
    assert confirm_anchors() == 0
    assert period.state == "sent"
    chain.mine()
    chain.mine()
    assert confirm_anchors() == 2  # the contract's own transaction too
    assert period.state == "final"
    assert confirm_anchors() == 0


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
    AnchorTx.objects.filter(period=period).delete()
    settle_down(chain)
    mined = [tx for block in chain.journal.blocks for tx in block["raw"]]
    assert len(mined) == 3
    assert count_on_chain() == 1  # the contract still takes no harm: the same root again is a no-op


def test_a_reorg_of_three_blocks(worker, chain):
    chain.finality_blocks = 5
    close(worker)
    publish_anchors()
    for _ in range(3):
        chain.mine()
        assert confirm_anchors() == 0
    noted = AnchorTx.objects.get(period__number=0).block_hash
    assert noted == "0x" + chain.header("0x1").hash.hex()
    chain.rewind(0, forget_transactions=True)
    assert confirm_anchors() == 0  # vanished: the same bytes go out again
    chain.mine(timestamp_s=chain.head.timestamp + 77)
    for _ in range(5):
        chain.mine()
    assert confirm_anchors() == 2
    assert AnchorTx.objects.get(period__number=0).block_hash != noted
    check_everything_is_final(chain)
    assert AnchorAttempt.objects.count() == 2


def test_control_before_finality_a_receipt_proves_nothing(worker, chain):
    close(worker)
    publish_anchors()
    chain.mine()
    confirm_anchors()
    anchor = AnchorTx.objects.get(period__number=0)
    assert (anchor.state, anchor.block_number) == ("sent", 1)
    chain.rewind(0, forget_transactions=True)
    assert get_chain().receipt(anchor.mined_hash) is None


def test_a_stuck_transaction_is_sent_again_dearer_with_its_own_nonce(worker, chain, settings):
    chain.pool.min_tip_wei = 1_200_000_000  # builders ask more than the node advised
    close(worker)
    settle_down(chain)
    assert count_attempts() == [1, 1]
    settings.ANCHOR_STUCK_S = 0
    settle_down(chain, rounds=1)  # 1.15 gwei: still too little
    settle_down(chain, rounds=8)  # 1.3225 gwei
    check_everything_is_final(chain)
    for anchor in AnchorTx.objects.all():
        attempts = list(anchor.attempts.all())
        assert len(attempts) >= 3
        assert {attempt.nonce for attempt in attempts} == {anchor.nonce}
        for before, after in itertools.pairwise(attempts):
            assert after.tip_wei * 100 >= before.tip_wei * 115
            assert after.max_fee_wei * 100 >= before.max_fee_wei * 115


def test_fees_stop_at_their_cap(worker, chain, settings):
    chain.pool.min_tip_wei = 10**15
    close(worker)
    publish_anchors()
    settings.ANCHOR_STUCK_S = 0
    settings.ANCHOR_MAX_FEE_WEI = AnchorAttempt.objects.first().max_fee_wei * 12 // 10
    for _ in range(5):
        confirm_anchors()
    assert count_attempts() == [2, 2]
    chain.pool.min_tip_wei = 0
    settle_down(chain)
    check_everything_is_final(chain)


def count_attempts() -> list[int]:
    return [anchor.attempts.count() for anchor in AnchorTx.objects.order_by("nonce")]


def test_the_first_attempt_may_win_after_a_dearer_one_was_sent(worker, chain, settings, monkeypatch):
    close(worker)
    publish_anchors()
    settings.ANCHOR_STUCK_S = 0
    with monkeypatch.context() as patch:
        patch.setattr(JsonRpcChain, "send_raw", lambda self, raw: None)  # the dearer one is lost on its way
        confirm_anchors()
    assert count_attempts() == [2, 2]
    for _ in range(4):
        chain.mine()
    assert confirm_anchors() == 2
    first = AnchorTx.objects.get(period__number=0)
    assert first.mined_hash == first.attempts.first().tx_hash
    assert first.state == "final"


def test_a_nonce_that_was_used_elsewhere_is_replaced(worker, chain, settings):
    close(worker)
    settle_down(chain)
    period = close(worker)
    later = close(worker)
    foreign = Account.from_key(settings.ANCHOR_PRIVATE_KEY).sign_transaction(
        {
            "type": 2,
            "chainId": CHAIN_ID,
            "nonce": 2,
            "to": "0x" + "12" * 20,
            "value": 1,
            "gas": 21_000,
            "maxFeePerGas": 10**12,
            "maxPriorityFeePerGas": 10**11,
        }
    )
    publish_anchors()
    chain.send_raw(bytes(foreign.raw_transaction))  # outbids the anchor of `period`
    settle_down(chain, rounds=12)
    assert (period.state, later.state) == ("final", "final")
    assert count_on_chain() == 3
    assert on_chain(later.number) == (later.statements_root, later.header_hash)
    assert AnchorTx.objects.get(period=period).nonce > 2
    assert [AnchorTx.objects.get(period=p).attempts.count() for p in (period, later)] == [2, 2]


def test_a_chain_that_lost_its_history_gets_all_of_it_again(worker, chain):
    close(worker)
    close(worker)
    settle_down(chain)
    chain.rewind(0, forget_transactions=True)
    close(worker)
    settle_down(chain)
    check_everything_is_final(chain)


def test_a_silent_chain_changes_nothing_and_is_named(worker, chain, settings):
    close(worker)
    settings.CHAIN_RPC_URL = "http://127.0.0.1:9"
    with pytest.raises(ChainError, match=r"The chain at http://127\.0\.0\.1:9 did not answer"):
        publish_anchors()
    assert not AnchorTx.objects.exists()


def test_another_process_at_work_is_left_alone(worker, chain, sender):
    close(worker)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"anchoring.sender:{sender}"])
        assert publish_anchors() == 0
    assert not AnchorTx.objects.exists()
    other.close()
    settle_down(chain)
    check_everything_is_final(chain)


def test_advance_closes_yesterday_once_and_anchors_it(worker, chain, settings):
    earn(worker, 1000)
    advance()
    assert Period.objects.get().day == timezone.now().date()  # the first: of the day on which it was closed
    earn(worker, 1000)
    advance()
    assert Period.objects.count() == 1
    Period.objects.update(closed_at=timezone.now() - timedelta(days=1, seconds=1))
    advance()
    assert Period.objects.count() == 2
    assert Period.objects.last().day == (last_boundary(timezone.now()) - timedelta(days=1)).date()
    settle_down(chain)
    check_everything_is_final(chain)


def test_advance_outlives_a_silent_chain(worker, chain, settings, caplog):
    earn(worker, 1000)
    url, settings.CHAIN_RPC_URL = settings.CHAIN_RPC_URL, "http://127.0.0.1:9"
    advance()
    assert Period.objects.get().state == "closed"
    assert "It is tried again." in caplog.text
    settings.CHAIN_RPC_URL = url
    advance()
    assert Period.objects.get().state == "sent"


def test_an_anchor_that_the_chain_refuses_for_good_stops_and_is_named(worker, chain, settings, caplog):
    """The contract is another's: each attempt is mined and refused. After eight we stop, and no later period is signed."""
    stranger = Account.create()
    settings.ANCHOR_CONTRACT = deploy_by(chain, stranger)
    period = close(worker)
    settle_down(chain, rounds=40)
    assert period.state == "failed"
    assert AnchorTx.objects.get().attempts.count() == 8
    assert "The chain refused the anchor of" in caplog.text
    later = close(worker)
    settle_down(chain, rounds=2)
    assert later.state == "closed"


def deploy_by(chain, account) -> str:
    """A contract that belongs to somebody else."""
    fees = {"type": 2, "chainId": CHAIN_ID, "maxFeePerGas": 10**11, "maxPriorityFeePerGas": 10**9, "nonce": 0}
    chain.funded.append(to_bytes(hexstr=account.address))
    chain.rewind(0)
    deployment = fees | {"data": contracts.deploy_data(), "gas": 600_000, "value": 0}
    tx_hash = chain.send_raw(bytes(account.sign_transaction(deployment).raw_transaction))
    chain.mine()
    return rpc.call(chain, "eth_getTransactionReceipt", ["0x" + tx_hash.hex()])["contractAddress"]
