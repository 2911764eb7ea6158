"""Items that the crowd could not be sure of, for reviewers."""

from consensus.app.models import SupersededDecision
from delivery import outbox
from delivery.models import OutboxEvent
from labelling.models import Answer, Decision, Settlement
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.models import Leg
from people.models import AuditEntry, Person
from tests.worlds import answer_to, opened, sentiment_world


def disputed_world(answers: int = 2, items: int = 3, **project):
    """Every item was called bad by the second worker and good by the others, and the crowd is never sure."""
    world = opened(sentiment_world(items=items, workers=3, max_answers=answers, target_ppm=999_999, **project))
    for number, worker in enumerate(world.workers[:answers]):
        lent = draw_work(worker, world.batch, 20)
        accept_answers(worker, [answer_to(one, {"label": "bad" if number == 1 else "good"}) for one in lent])
        outbox.drain()
    return world


def new_reviewer() -> Person:
    return Person.objects.create_user(email="reviewer@example.org", is_reviewer=True)


def other_answer(decision: Decision) -> Answer:
    return Answer.objects.filter(item=decision.item_id).exclude(value=decision.value).first()


def decision_of(item) -> Decision:
    return Decision.objects.get(item=item)


def everything() -> tuple:
    """All that a refused or repeated review must leave as it is."""
    tables = (Decision, SupersededDecision, AuditEntry, OutboxEvent, Settlement, Leg)
    return tuple(list(table.objects.order_by("pk").values()) for table in tables)
