"""What labelling does when something happened: see docs/architecture.md, "Events"."""

from __future__ import annotations

from django.conf import settings

from delivery import webhooks
from delivery.models import WebhookEndpoint
from delivery.outbox import on
from labelling import tasks
from labelling.batches.settle_answers import settle_answers
from labelling.batches.settle_items import settle_items
from labelling.conduct import notifications
from labelling.estimates.look import stop_where_exact
from labelling.label_api.answer_requests import answer_requests
from labelling.models import Answer, Ban, Batch, GoldAppeal, PayHold, Project
from labelling.task_types.label_names import names_ever, with_names
from people.models import Worker


@on("gold.answered")
def settle_gold(events: list[dict]) -> None:
    """The truth of a gold item is known: its answer is settled at once."""
    settle_answers(Answer.objects.filter(pk__in=[event["answer"] for event in events]))


@on("settlement.due", at_once=1)
def settle(events: list[dict]) -> None:
    """One event names about a hundred items, so that nobody waits long for the accounts."""
    for event in events:
        settle_items(event["items"], event["late_answers"])


@on("items.withdrawn")
def settle_withdrawn(events: list[dict]) -> None:
    """Nobody decides these any more: who answered them is paid now, and nothing measures her by them."""
    settle_answers(Answer.objects.filter(item__in=[item for event in events for item in event["items"]]))


@on("item.decided")
def answer_label_requests(events: list[dict]) -> None:
    answer_requests(event["item"] for event in events if event["final"])


@on("item.decided")
@on("batch.closed")
def stop_estimates(events: list[dict]) -> None:
    stop_where_exact(event["project"] for event in events)


@on("item.decided")
@on("label.answered")
def tell_requester(events: list[dict]) -> None:
    """Webhooks to the organisation whose project it is."""
    asked = Project.objects.filter(pk__in={e["project"] for e in events})
    projects = asked.values_list("pk", "organisation_id", "config", "past_labels")
    owners = {pk: organisation_id for pk, organisation_id, *_ in projects}
    names = {pk: names_ever(config, past) for pk, _, config, past in projects}
    endpoints = WebhookEndpoint.objects.filter(organisation_id__in=owners.values(), disabled_at=None)
    listening = set(endpoints.values_list("organisation_id", flat=True))
    for event in events:
        if owners[event["project"]] in listening:
            kind = "item.decided" if "decision" in event else "label.answered"
            webhooks.queue(kind, owners[event["project"]], with_names(event, names[event["project"]]))


@on("question.asked")
def tell_of_questions(events: list[dict]) -> None:
    """The owners of the organisation: who works waits for their answer."""
    for project in Project.objects.filter(pk__in={event["project"] for event in events}):
        notifications.tell_of_question(project)


@on("project.disliked")
def tell_of_bad_ratings(events: list[dict]) -> None:
    """The admins: somebody looks at it."""
    for project in Project.objects.filter(pk__in={event["project"] for event in events}):
        notifications.tell_of_bad_rating(project)


@on("content.reported")
def tell_of_content(events: list[dict]) -> None:
    """The admins: somebody met what was not announced."""
    for project in Project.objects.filter(pk__in={event["project"] for event in events}):
        notifications.tell_of_content(project)


@on("content.found")
def tell_of_warnings(events: list[dict]) -> None:
    """The owners of the organisation whose project warns of more now."""
    for project in Project.objects.filter(pk__in={event["project"] for event in events}):
        notifications.tell_of_warnings(project)


@on("post.reported")
def tell_of_posts(events: list[dict]) -> None:
    """The admins: somebody says that words in a thread should not stand there."""
    for project in Project.objects.filter(pk__in={event["project"] for event in events}):
        notifications.tell_of_post(project)


@on("batch.opened")
@on("instructions.written")
def speak_instructions(events: list[dict]) -> None:
    """Where the server has a voice: it takes as long as an import, and works where these do."""
    if settings.ESPEAK_NG:
        for project_id in {event["project"] for event in events}:
            tasks.speak_instructions.delay(project_id)


def _tell_of_promises(name: str, events: list[dict]) -> None:
    """Webhooks: a promise that cannot be kept within its budget, and the price at which it could."""
    owners = dict(Project.objects.filter(pk__in={e["project"] for e in events}).values_list("pk", "organisation_id"))
    for event in events:
        webhooks.queue(name, owners[event["project"]], event)


@on("warranty.dear")
def tell_of_warranties(events: list[dict]) -> None:
    _tell_of_promises("warranty.dear", events)


@on("labels.dear")
def tell_of_labels(events: list[dict]) -> None:
    _tell_of_promises("labels.dear", events)


@on("upload.received")
def import_uploads(events: list[dict]) -> None:
    """An import is long work of its own; when the broker is away the event waits, and comes again."""
    for _ in events:
        tasks.import_next.delay()


@on("release.requested")
def build_releases(events: list[dict]) -> None:
    for event in events:
        tasks.build_release.delay(event["release"])


@on("ban.made")
def tell_the_banned(events: list[dict]) -> None:
    _tell(events, "made")


@on("ban.lifted")
def tell_the_free(events: list[dict]) -> None:
    _tell(events, "lifted")


@on("appeal.lost")
def tell_the_refused(events: list[dict]) -> None:
    _tell(events, "lost")


@on("appeal.made")
def tell_the_deciders(events: list[dict]) -> None:
    for ban in Ban.objects.filter(pk__in=[event["ban"] for event in events]).select_related("worker", "appeal"):
        notifications.tell_admins(ban)


@on("miss.righted")
@on("miss.confirmed")
def tell_of_misses(events: list[dict]) -> None:
    for appeal in _gold_appeals(events):
        notifications.tell_of_miss(appeal)


@on("miss.appealed")
def tell_who_may_decide(events: list[dict]) -> None:
    for appeal in _gold_appeals(events):
        notifications.tell_deciders(appeal)


@on("hold.made")
def tell_the_held(events: list[dict]) -> None:
    """One message for a project, however many flags it was."""
    for event in events:
        holds = PayHold.objects.filter(worker=event["worker"], project=event["project"], ended_at=None)
        hold = holds.select_related("worker__person", "project").order_by("-until").first()
        if hold is not None:
            notifications.tell_of_hold(hold)


@on("batch.paused")
def tell_of_pauses(events: list[dict]) -> None:
    for batch in Batch.objects.filter(pk__in=[event["batch"] for event in events]).select_related("project"):
        notifications.tell_of_pause(batch)


@on("items.unanswered")
def tell_of_unanswered(events: list[dict]) -> None:
    batches = Batch.objects.select_related("project").in_bulk([event["batch"] for event in events])
    for event in events:
        notifications.tell_of_unanswered(batches[event["batch"]], event["items"])


@on("hold.appealed")
def tell_who_may_let_go(events: list[dict]) -> None:
    for worker in Worker.objects.filter(pk__in=[event["worker"] for event in events]):
        notifications.tell_of_held(worker)


def _gold_appeals(events: list[dict]):
    asked = GoldAppeal.objects.filter(answer__in=[event["answer"] for event in events])
    return asked.select_related("worker__person", "answer__project")


def _tell(events: list[dict], what: str) -> None:
    bans = Ban.objects.filter(pk__in=[event["ban"] for event in events])
    for ban in bans.select_related("worker__person", "project"):
        notifications.tell_worker(ban, what)
