"""Publishing anchors: order, states, one process at a time, the daily task."""

from datetime import timedelta

import pytest
from django.utils import timezone

from anchoring.actions.confirm_anchor import confirm_anchors
from anchoring.actions.publish_anchor import publish_anchors
from anchoring.chains import ChainError
from anchoring.models import AnchorAttempt, AnchorTx, Period
from anchoring.tasks import advance, last_boundary
from kernel.locks import only_one
from tests.chain.anchors import check_everything_is_final, close, settle_down
from tests.chain.world import earn
from tests.roles import as_owner

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_silent_chain_changes_nothing_and_is_named(worker, chain, settings):
    close(worker)
    settings.CHAIN_RPC_URL = "http://127.0.0.1:9"
    with pytest.raises(ChainError, match=r"The chain at http://127\.0\.0\.1:9 did not answer"):
        publish_anchors()
    assert not AnchorTx.objects.exists()


def test_where_no_chain_is_in_use_periods_close_and_nobody_is_asked(worker, chain, settings, caplog):
    url, settings.CHAIN_RPC_URL = settings.CHAIN_RPC_URL, ""
    earn(worker, 1000)
    advance()
    assert (Period.objects.count(), AnchorTx.objects.count(), AnchorAttempt.objects.count()) == (1, 0, 0)
    assert not [record for record in caplog.records if record.name.startswith("anchoring")]
    settings.CHAIN_RPC_URL = url  # later there is one
    settle_down(chain)
    check_everything_is_final(chain)


def test_another_process_at_work_is_left_alone(worker, chain, sender):
    close(worker)
    with only_one(f"anchoring.sender:{sender}") as mine:
        assert mine
        assert publish_anchors() == 0
    assert not AnchorTx.objects.exists()
    settle_down(chain)
    check_everything_is_final(chain)


def test_advance_closes_yesterday_once_and_anchors_it(noon, worker, chain, settings):
    earn(worker, 1000)
    advance()
    assert Period.objects.get().day == timezone.now().date()  # the first: of the day on which it was closed
    earn(worker, 1000)
    advance()
    assert Period.objects.count() == 1
    with as_owner():
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
