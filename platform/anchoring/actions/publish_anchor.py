"""Send the anchors that wait. May be killed and started again anywhere: what is signed is sent as it was signed."""

from django.conf import settings

from anchoring.actions.sign_anchor import sign_anchor, sign_deployment
from anchoring.chains import Chain, get_chain
from anchoring.models import AnchorTx, Period
from anchoring.signers import Signer, get_signer
from kernel.locks import only_one
from ledger import clock


def publish_anchors() -> int:
    """Sign each closed period in order and send what the chain does not have; returns how many were sent.

    One process at a time for each sender; another one returns 0 at once. Raises ChainError.
    """
    chain, signer = get_chain(), get_signer()
    with only_one(f"anchoring.sender:{signer.address}") as mine:
        if not mine:
            return 0
        _sign_waiting(chain, signer)
        return _send_waiting(chain, signer)


def _sign_waiting(chain: Chain, signer: Signer) -> None:
    waiting = Period.objects.filter(anchor=None).order_by("number")
    if not waiting or _failed(chain, signer):
        return
    contract = contract_address(chain, signer)
    for period in waiting:
        sign_anchor(period, contract, chain, signer)


def _failed(chain: Chain, signer: Signer) -> bool:
    """A failed anchor must be looked at first: the contract would refuse what comes after it."""
    return AnchorTx.objects.filter(
        chain_id=chain.chain_id(), sender=signer.address, state=AnchorTx.State.FAILED
    ).exists()


def contract_address(chain: Chain, signer: Signer) -> str:
    """The contract named in the settings, or one of our own, deployed by our first transaction."""
    if settings.ANCHOR_CONTRACT:
        return settings.ANCHOR_CONTRACT
    ours = AnchorTx.objects.filter(period=None, chain_id=chain.chain_id(), sender=signer.address).first()
    return (ours or sign_deployment(chain, signer)).contract


def _send_waiting(chain: Chain, signer: Signer) -> int:
    """Everything from the chain's own nonce on, in order: also what a re-org or a lost node has forgotten."""
    seen = chain.nonce(signer.address)
    waiting = AnchorTx.objects.filter(chain_id=chain.chain_id(), sender=signer.address, nonce__gte=seen)
    for anchor in waiting.order_by("nonce"):
        chain.send_raw(bytes(anchor.newest.raw))
        if anchor.state == AnchorTx.State.SIGNED:
            anchor.state, anchor.sent_at = AnchorTx.State.SENT, clock.now()
            anchor.save(update_fields=["state", "sent_at"])
    return len(waiting)
