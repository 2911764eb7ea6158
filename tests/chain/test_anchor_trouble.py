"""Re-orgs, stuck fees, a nonce that somebody else used, a chain that forgets or refuses."""

import itertools

import pytest
from eth_account import Account
from eth_utils import to_bytes

from anchoring import contracts
from anchoring.actions.confirm_anchor import confirm_anchors
from anchoring.actions.publish_anchor import publish_anchors
from anchoring.chains import get_chain
from anchoring.chains.json_rpc import JsonRpcChain
from anchoring.local_chain import rpc
from anchoring.local_chain.evm import CHAIN_ID
from anchoring.models import AnchorAttempt, AnchorTx
from tests.chain.anchors import check_everything_is_final, close, count_on_chain, on_chain, settle_down

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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
