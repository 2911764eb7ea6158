"""Sign what anchors a period, and keep the bytes before anybody sends them."""

from django.conf import settings
from django.db import transaction
from eth_utils import keccak, to_checksum_address
from rlp import encode

from anchoring import contracts
from anchoring.chains import Chain
from anchoring.models import AnchorAttempt, AnchorTx, Period
from anchoring.signers import Signer
from ledger import clock

DEPLOY_GAS = 600_000  # 306 k measured
ANCHOR_GAS = 200_000  # 91 k measured
BUMP_PERCENT = 115  # geth asks for 10 % more, others for 12.5 %


@transaction.atomic
def sign_deployment(chain: Chain, signer: Signer) -> AnchorTx:
    """The transaction that makes the contract; its address follows from sender and nonce."""
    nonce = next_nonce(chain, signer)
    contract = to_checksum_address(keccak(encode([bytes.fromhex(signer.address[2:]), nonce]))[12:])
    return _sign_new(None, contract, nonce, chain, signer)


@transaction.atomic
def sign_anchor(period: Period, contract: str, chain: Chain, signer: Signer) -> AnchorTx:
    return _sign_new(period, contract, next_nonce(chain, signer), chain, signer)


@transaction.atomic
def sign_again(anchor: AnchorTx, chain: Chain, signer: Signer, *, nonce: int | None = None) -> AnchorAttempt | None:
    """A stuck transaction with fees 15 % higher and the same nonce; or, its nonce lost, with a new one.

    None when the fees have reached their cap.
    """
    before = anchor.newest
    max_fee_wei, tip_wei = chain.fees()
    max_fee_wei = max(max_fee_wei, _bumped(before.max_fee_wei))
    tip_wei = max(tip_wei, _bumped(before.tip_wei))
    if max_fee_wei > settings.ANCHOR_MAX_FEE_WEI:
        return None
    if nonce is not None:
        anchor.nonce = nonce
        anchor.save(update_fields=["nonce"])
    return _attempt(anchor, max_fee_wei, tip_wei, signer)


def next_nonce(chain: Chain, signer: Signer) -> int:
    """Ours to give: above all that we signed, and above all that the chain has seen of this key."""
    ours = AnchorTx.objects.filter(chain_id=chain.chain_id(), sender=signer.address).order_by("-nonce").first()
    return max(chain.nonce(signer.address), ours.nonce + 1 if ours else 0)


def _sign_new(period: Period | None, contract: str, nonce: int, chain: Chain, signer: Signer) -> AnchorTx:
    anchor = AnchorTx.objects.create(
        period=period,
        contract=contract,
        nonce=nonce,
        chain_id=chain.chain_id(),
        sender=signer.address,
        signed_at=clock.now(),
    )
    max_fee_wei, tip_wei = chain.fees()
    _attempt(anchor, min(max_fee_wei, settings.ANCHOR_MAX_FEE_WEI), tip_wei, signer)
    return anchor


def _attempt(anchor: AnchorTx, max_fee_wei: int, tip_wei: int, signer: Signer) -> AnchorAttempt:
    raw = signer.sign(
        {
            "type": 2,
            "chainId": anchor.chain_id,
            "nonce": anchor.nonce,
            "maxFeePerGas": max_fee_wei,
            "maxPriorityFeePerGas": min(tip_wei, max_fee_wei),
            "value": 0,
        }
        | _what(anchor)
    )
    return AnchorAttempt.objects.create(
        anchor=anchor,
        raw=raw,
        tx_hash="0x" + keccak(raw).hex(),
        nonce=anchor.nonce,
        max_fee_wei=max_fee_wei,
        tip_wei=tip_wei,
        made_at=clock.now(),
    )


def _what(anchor: AnchorTx) -> dict:
    period = anchor.period
    if period is None:
        return {"data": contracts.deploy_data(), "gas": DEPLOY_GAS}
    data = contracts.anchor_data(period.number, period.statements_root, period.header_hash)
    return {"to": anchor.contract, "data": data, "gas": ANCHOR_GAS}


def _bumped(wei: int) -> int:
    return -(-wei * BUMP_PERCENT // 100)
