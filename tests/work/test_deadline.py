"""A batch ends at its deadline: nobody draws any more, what is lent is still paid, and the rest of the money goes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delivery import outbox
from labelling.models import Batch, Settlement
from labelling.tasks import close_overdue_batches, refund_closed_batches
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.factories import escrow_of, funds_of
from ledger.posting import balance
from people.models import AuditEntry
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
FUNDS = 100_000_000


def due(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(deadline=timezone.now() - timedelta(seconds=1))


def test_at_its_deadline_it_is_closed_and_pays_what_was_lent():
    world = opened(sentiment_world(items=4), deadline=timezone.now() + timedelta(hours=1))
    [lent] = draw_work(world.workers[0], world.batch, 1)
    assert close_overdue_batches() == 0
    due(world.batch)
    assert close_overdue_batches() == 1
    assert close_overdue_batches() == 0
    world.batch.refresh_from_db()
    assert world.batch.state == "closed"
    assert AuditEntry.objects.get(action="batch.close").actor is None
    assert draw_work(world.workers[1], world.batch, 5) == []
    assert refund_closed_batches() == 0  # she has a task in her hands

    [result] = accept_answers(world.workers[0], [answer_to(lent, {"label": "good"})])
    assert result.status == "accepted"
    outbox.drain()
    refund_closed_batches()
    paid = sum(one.base_micro + one.bonus_micro for one in Settlement.objects.all())
    assert paid >= 10_000
    assert balance(escrow_of(world.batch.pk), "USD") == 0
    assert balance(funds_of(world.organisation.pk), "USD") == FUNDS - paid


def test_a_batch_without_a_deadline_or_still_a_draft_is_left_alone():
    open_for_ever = opened(sentiment_world(items=1)).batch
    draft = opened(sentiment_world(items=1)).batch
    Batch.objects.filter(pk=draft.pk).update(state="draft", deadline=timezone.now() - timedelta(days=1))
    assert close_overdue_batches() == 0
    assert set(Batch.objects.values_list("pk", "state")) == {(open_for_ever.pk, "open"), (draft.pk, "draft")}
