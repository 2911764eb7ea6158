"""Look for the anchors on the chain: final, still under way, stuck, or vanished in a re-org."""

import logging
from datetime import timedelta

from django.conf import settings

from anchoring.actions.sign_anchor import next_nonce, sign_again
from anchoring.chains import Chain, Receipt, get_chain
from anchoring.models import AnchorTx
from anchoring.signers import Signer, get_signer
from kernel.locks import only_one
from ledger import clock

log = logging.getLogger(__name__)
State = AnchorTx.State
MAX_ATTEMPTS = 8


def confirm_anchors() -> int:
    """Returns how many became final. Safe to repeat. Raises ChainError."""
    chain, signer = get_chain(), get_signer()
    with only_one(f"anchoring.sender:{signer.address}") as mine:
        if not mine:
            return 0
        under_way = AnchorTx.objects.filter(
            chain_id=chain.chain_id(), sender=signer.address, state__in=[State.SIGNED, State.SENT]
        )
        return sum(_confirm(anchor, chain, signer) for anchor in under_way.order_by("nonce"))


def _confirm(anchor: AnchorTx, chain: Chain, signer: Signer) -> bool:
    receipt = _find_receipt(anchor, chain)
    if receipt is None:
        _push(anchor, chain, signer)
        return False
    final = _is_final(receipt, chain)
    _note(anchor, receipt, final)
    if final and not receipt.succeeded:
        _try_anew(anchor, chain, signer)
    return final and receipt.succeeded


def _find_receipt(anchor: AnchorTx, chain: Chain) -> Receipt | None:
    """Of any attempt at its nonce: the first one may be mined although a dearer one was sent after it."""
    attempts = anchor.attempts.filter(nonce=anchor.nonce).reverse()
    receipts = (chain.receipt(attempt.tx_hash) for attempt in attempts)
    return next(filter(None, receipts), None)


def _is_final(receipt: Receipt, chain: Chain) -> bool:
    if receipt.block_number > chain.finalized_number():
        return False
    return chain.block_hash(receipt.block_number) == receipt.block_hash


def _note(anchor: AnchorTx, receipt: Receipt, final: bool) -> None:
    anchor.mined_hash = receipt.tx_hash
    anchor.block_number, anchor.block_hash = receipt.block_number, receipt.block_hash
    anchor.sent_at = anchor.sent_at or clock.now()
    anchor.state = State.FINAL if final and receipt.succeeded else State.SENT
    anchor.final_at = clock.now() if final else None
    anchor.save()


def _try_anew(anchor: AnchorTx, chain: Chain, signer: Signer) -> None:
    """It was refused for good, as when a lost nonce put periods out of order: once more at the end of the queue."""
    if anchor.attempts.count() < MAX_ATTEMPTS and sign_again(anchor, chain, signer, nonce=next_nonce(chain, signer)):
        return
    anchor.state = State.FAILED
    anchor.save(update_fields=["state"])
    log.error("The chain refused the %s (%s): look at it, no period is anchored until then.", anchor, anchor.mined_hash)


def _push(anchor: AnchorTx, chain: Chain, signer: Signer) -> None:
    """Not mined: send the same bytes again; pay more when it is stuck; take a new nonce when its own was used up."""
    if anchor.nonce < chain.nonce(signer.address, "finalized"):
        sign_again(anchor, chain, signer, nonce=next_nonce(chain, signer))
    elif clock.now() - anchor.newest.made_at > timedelta(seconds=settings.ANCHOR_STUCK_S):
        sign_again(anchor, chain, signer)
    chain.send_raw(bytes(anchor.newest.raw))
