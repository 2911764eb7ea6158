"""Judges: a real server on this machine speaks the protocols, with scripted answers; everything else is the product itself."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.urls import reverse

from consensus.app.actions.decide_items import decide_items
from consensus.app.actions.refresh_skills import refresh_skills
from consensus.app.models import Skill
from delivery import outbox
from delivery.models import OutboxEvent
from intake.errors import Unsafe
from intake.remote import ask
from labelling.data.add_items import add_text_item
from labelling.gold.set_gold import set_gold
from labelling.models import BatchItem, Decision, Item, ModelVote
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import factories
from ledger.audit import findings
from ledger.posting import balance, post_many
from ledger.transfers import Transfer
from ml_assist.handlers import take_what_is_owed
from ml_assist.judges.change_judge import recover_judges
from ml_assist.judges.figures import figures_of
from ml_assist.judges.models import Judge, JudgeCall
from ml_assist.judges.work import work
from people.models import AuditEntry
from tests.ml.judge_server import KEY, Script, serving
from tests.worlds import World, answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db

FUNDS = 100_000_000
KNOWN = 24


def truth(text: str) -> str:
    """Of the world's texts: every second one is good."""
    return "good" if int(text.split()[-1]) % 2 else "bad"


def named(label: str) -> str:
    return label.capitalize()


@pytest.fixture
def world() -> World:
    world = sentiment_world(items=8, workers=4, funds_micro=FUNDS, min_answers=2, max_answers=4, target_ppm=900_000)
    for number in range(KNOWN):
        item = add_text_item(world.dataset, f"known text {number}")
        set_gold(world.requester, item, {"label": truth(f"known text {number}")})
        world.golds.append(item)
    return opened(world)


@pytest.fixture
def script(settings):
    """Right about everything, to begin with; the operator vouches for its address."""
    script = Script(lambda text: named(truth(text)))
    with serving(script) as host:
        settings.JUDGE_HOSTS = [host]
        script.host = host
        yield script


def hired(client, world: World, script: Script, **said) -> Judge:
    client.force_login(world.requester)
    body = {
        "name": "A model", "protocol": "chat", "address": f"http://{script.host}/v1", "model": "tiny", "key": KEY,
        "prompt": "Is the text good or bad?", "most_calls": 500, "price_micro": 1_000,
    }  # fmt: skip
    sent = client.post(f"/api/v1/projects/{world.project.pk}/judges", {**body, **said}, "application/json")
    assert sent.status_code == 201, sent.content
    return Judge.objects.get(pk=sent.json()["id"])


def to_vote_on(world: World, numbers) -> list[Item]:
    """More items on offer."""
    items = [add_text_item(world.dataset, f"text number {number}") for number in numbers]
    BatchItem.objects.bulk_create(
        BatchItem(batch=world.batch, item=item, wanted=world.batch.min_answers) for item in items
    )
    return items


def worked(judge: Judge, seed: int = 0) -> Judge:
    work(judge.pk, 60, random.Random(seed), sleep=lambda _: None)
    judge.refresh_from_db()
    return judge


def test_a_chat_endpoint_takes_its_exam_and_votes(client, world, script):
    judge = worked(hired(client, world, script))
    assert (judge.state, judge.result["known"], judge.result["right"]) == ("advises", KNOWN, KNOWN)
    assert judge.result["alternative"] == "not_held"
    path, headers, sent = script.seen[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert (sent["model"], sent["temperature"]) == ("tiny", 0)
    assert "Is the text good or bad?" in sent["messages"][0]["content"]
    assert '["Bad", "Good"]' in sent["messages"][0]["content"]
    votes = ModelVote.objects.filter(annotator=judge.versions.get().annotator)
    assert votes.filter(standing="heard", item__in=world.items).count() == 8
    assert {vote.item_id: vote.value["label"] for vote in votes.filter(item__in=world.items)} == {
        item.pk: truth(item.payload["text"]) for item in world.items
    }


def test_its_cost_stands_in_the_ledger_and_what_it_did_not_cost_comes_back(client, world, script):
    before = balance(factories.funds_of(world.organisation.pk), "USD")
    judge = worked(hired(client, world, script))
    assert balance(factories.funds_of(world.organisation.pk), "USD") == before - 500_000
    calls = JudgeCall.objects.filter(version__judge=judge).count()
    assert calls == judge.calls == len(script.seen)
    assert balance(factories.model_cost_of(judge.pk), "USD") == 1_000 * calls
    assert balance(factories.judge_escrow_of(judge.pk), "USD") == 500_000 - 1_000 * calls
    reply = client.post(f"/api/v1/judges/{judge.pk}/dismiss", {"reason": "Too dear."}, "application/json")
    assert (reply.status_code, reply.json()["state"], reply.json()["reason"]) == (200, "dismissed", "Too dear.")
    assert balance(factories.funds_of(world.organisation.pk), "USD") == before - 1_000 * calls
    assert not ModelVote.objects.exclude(standing="silent").exists()
    assert AuditEntry.objects.get(action="judge.dismiss").detail == {"reason": "Too dear."}
    assert findings() == []
    judge.refresh_from_db()
    assert judge.key == ""
    assert (
        client.post(f"/api/v1/judges/{judge.pk}/dismiss", {"reason": "Again."}, "application/json").status_code == 409
    )


def test_what_lies_in_escrow_for_a_judge_follows_a_payment_that_was_taken_back(client, world, script):
    """Or a card that is not hers buys answers of a model that we pay for."""
    free, judge = hired(client, world, script, price_micro=0), worked(hired(client, world, script))
    spent, organisation = balance(factories.model_cost_of(judge.pk), "USD"), world.organisation.pk
    funds = balance(factories.funds_of(organisation), "USD")
    legs = [
        *factories.moved(factories.funds_of(organisation), factories.float_of("simulated"), funds),
        *factories.moved(factories.debt_of(organisation), factories.float_of("simulated"), 600_000),
    ]
    post_many([Transfer("taken-back:test", "deposit reversed", "USD", legs, {})])
    take_what_is_owed([{"organisation": organisation}])
    for one in (judge, free):
        one.refresh_from_db()
    assert (judge.state, judge.key, free.state) == ("dismissed", "", "exam")
    assert "taken back" in judge.why
    assert balance(factories.judge_escrow_of(judge.pk), "USD") == 0
    assert balance(factories.debt_of(organisation), "USD") == -600_000 + (500_000 - spent)
    assert recover_judges(organisation) == 0
    assert findings() == []


def test_the_key_is_sealed_and_told_to_nobody(client, world, script):
    judge = hired(client, world, script)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM ml_assist_judge")
        [[kept]] = cursor.fetchall()
    assert KEY not in kept
    assert judge.key == KEY
    for address in (f"/api/v1/judges/{judge.pk}", reverse("console:judge", args=[judge.pk])):
        assert KEY not in client.get(address).content.decode()
    assert KEY not in str(list(AuditEntry.objects.values()))


def test_a_label_studio_backend_is_spoken_to_in_its_own_words(client, world, script):
    script.served_by = "sklearn-7"
    judge = hired(
        client,
        world,
        script,
        protocol="label_studio",
        address=f"http://{script.host}",
        model="",
        key="me:pw",
        prompt="",
    )
    worked(judge)
    assert judge.state == "advises"
    path, headers, sent = script.seen[0]
    assert path == "/predict"
    assert headers["Authorization"] == "Basic bWU6cHc="
    assert sorted(sent) == ["label_config", "params", "project", "tasks"]
    assert '<Choice value="Good"/>' in sent["label_config"]
    assert judge.versions.get().served_by == "sklearn-7"
    assert ModelVote.objects.filter(standing="heard", item__in=world.items).count() == 8


def test_who_is_no_better_than_one_answer_is_not_heard(client, world, script):
    script.answer = lambda text: "Good"
    judge = worked(hired(client, world, script))
    assert judge.state == "failed"
    assert "always giving one answer" in judge.why
    assert not ModelVote.objects.exclude(standing="silent").exists()
    assert not JudgeCall.objects.filter(purpose="vote").exists()


def test_what_is_no_answer_is_kept_and_counts_as_wrong_in_the_exam(client, world, script):
    script.answer = lambda text: "I am sure that I cannot tell." if text.endswith("7") else named(truth(text))
    judge = worked(hired(client, world, script))
    assert (judge.result["known"], judge.result["right"]) == (KNOWN, KNOWN - 2)
    none = JudgeCall.objects.filter(value__isnull=True, purpose="exam")
    assert [(call.right, call.said) for call in none] == [(False, "I am sure that I cannot tell.")] * 2
    assert figures_of(judge, judge.versions.get())["no_answers"] >= 2


def test_a_busy_address_is_asked_again_and_a_dead_one_rests(client, world, script):
    script.refuse = [503, 429]
    judge = worked(hired(client, world, script))
    assert (judge.failures, len(script.seen)) == (0, judge.calls + 2)
    script.refuse, calls = [500] * 3, judge.calls
    to_vote_on(world, [500])
    worked(judge)
    assert (judge.failures, judge.calls) == (1, calls + 1)
    assert judge.rests_until is not None
    assert "status 500" in judge.last_error
    assert work(judge.pk, 60, random.Random(0)) == 0  # it rests


def test_it_never_costs_more_than_its_project_allows(client, world, script):
    judge = worked(hired(client, world, script, most_calls=12))
    assert (judge.state, judge.calls, len(script.seen)) == ("stopped", 12, 12)
    assert "12 times" in judge.why
    assert balance(factories.judge_escrow_of(judge.pk), "USD") == 0


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"address": "http://169.254.169.254/v1", "key": ""}, None),
        ({"address": "http://127.0.0.1:9/v1", "key": ""}, "address"),
        ({"address": "http://models.example.org/v1"}, "address"),
        ({"address": "ftp://models.example.org/v1"}, "address"),
        ({"prompt": ""}, "prompt"),
        ({"protocol": "telepathy"}, "protocol"),
        ({"most_calls": 0}, "most_calls"),
        ({"price_micro": 10**9, "most_calls": 1000}, "funds"),
        ({"name": "a\x00b"}, "name"),
    ],
)
def test_what_cannot_be_hired_is_refused_by_its_field(client, world, script, said, field):
    body = {
        "name": "A model", "protocol": "chat", "address": f"http://{script.host}/v1", "model": "tiny", "key": KEY,
        "prompt": "Good or bad?", "most_calls": 50, "price_micro": 0,
    }  # fmt: skip
    client.force_login(world.requester)
    reply = client.post(f"/api/v1/projects/{world.project.pk}/judges", {**body, **said}, "application/json")
    if field is None:  # a name could lead there, so it is found out when it is asked: nothing is connected to
        judge = worked(Judge.objects.get(pk=reply.json()["id"]))
        assert "private network" in judge.last_error
        return
    assert (reply.status_code, reply.json()["error"]["field"]) == (400, field)
    assert not Judge.objects.exists()


def test_an_answer_of_any_length_is_not_read(script):
    script.answer = lambda text: "x" * 300_000
    headers, body = (
        {"Authorization": f"Bearer {KEY}"},
        b'{"model":"m","messages":[{"role":"system"},{"role":"user","content":"t"}]}',
    )
    with pytest.raises(Unsafe, match="more than 256 kB"):
        ask(
            f"http://{script.host}/v1/chat/completions",
            headers,
            body,
            within_s=5,
            most_bytes=256 * 1024,
            trusted=[script.host],
        )


def everybody_answers(world: World, label=truth, workers: int = 4) -> None:
    for worker in world.workers[:workers]:
        while lent := draw_work(worker, world.batch, 50):
            accept_answers(worker, [answer_to(one, {"label": label(one.payload["text"])}) for one in lent])
        outbox.drain()


def test_its_vote_enters_consensus_with_a_confusion_of_its_own(client, world, script):
    judge = worked(hired(client, world, script))
    name = judge.versions.get().annotator
    everybody_answers(world, workers=2)
    assert refresh_skills(world.project.pk) >= 3
    skill = Skill.objects.get(project=world.project, annotator=name)
    assert skill.answers >= KNOWN
    assert skill.summary["accuracy_ppm"] > 900_000
    BatchItem.objects.filter(batch=world.batch).update(state="open")
    decide_items([item.pk for item in world.items])
    decision = Decision.objects.get(item=world.items[0])
    assert decision.detail["models"] == [name]
    assert sum(vote["seq"] < 0 for vote in decision.detail["inputs"]["votes"]) == 1


@pytest.mark.parametrize("passes", [True, False])
def test_who_passes_beside_people_stands_in_for_one_of_them(client, script, passes):
    """Three people on 32 items: the model may replace one of them or not. Then an item needs two people and it, or three."""
    world = sentiment_world(items=32, workers=3, funds_micro=FUNDS, min_answers=3, max_answers=5, target_ppm=700_000)
    for number in range(KNOWN):
        item = add_text_item(world.dataset, f"known text {number}")
        set_gold(world.requester, item, {"label": truth(f"known text {number}")})
    opened(world)
    for place, worker in enumerate(world.workers):
        lent = draw_work(worker, world.batch, 50)
        said = [
            truth(one.payload["text"]) if int(one.payload["text"].split()[-1]) % 8 != place else "good" for one in lent
        ]
        accept_answers(worker, [answer_to(one, {"label": label}) for one, label in zip(lent, said, strict=True)])
    outbox.drain()
    if not passes:  # right on what is known, and unlike people on what they answered
        script.answer = lambda text: (
            named(truth(text)) if text.startswith("known") else "Bad" if truth(text) == "good" else "Good"
        )
    judge = worked(hired(client, world, script))
    assert (judge.state, judge.result["people"]) == (("stands_in" if passes else "advises"), 3)
    world.batch = None
    add_text_item(world.dataset, "text number 901")
    opened(world)
    worked(judge)
    refresh_skills(world.project.pk)
    for worker in world.workers[:2]:
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in draw_work(worker, world.batch, 5)])
        outbox.drain()
    decision = Decision.objects.get(item__payload__text="text number 901")
    assert (decision.final, decision.answers_used) == (passes, 2)


def test_after_it_has_changed_it_is_stopped_and_what_it_said_since_is_silent(client, world, script):
    """A silent change: the same name, other answers. Found by audits, within the stated number."""
    judge = worked(hired(client, world, script, price_micro=0, most_calls=5_000))
    stated, changed_from = figures_of(judge, judge.versions.get())["found_within"], judge.calls
    to_vote_on(world, range(200, 500))
    script.answer = lambda text: "Good" if truth(text) == "bad" else "Bad"
    assert worked(judge, 1).state == "stopped"
    assert "It has changed" in judge.why
    assert judge.calls - changed_from <= stated
    silent = ModelVote.objects.filter(standing="silent", annotator=judge.versions.get().annotator)
    assert silent.filter(item__in=world.items).count() == 0
    assert silent.count() > 0
    again = client.post(f"/api/v1/judges/{judge.pk}/exam", {"prompt": "Look again."}, "application/json")
    assert (again.status_code, again.json()["state"]) == (200, "exam")
    assert worked(judge, 77).state == "failed"
    assert [version.prompt for version in judge.versions.order_by("number")] == [
        "Is the text good or bad?",
        "Look again.",
    ]


def test_an_address_that_names_another_model_is_stopped_at_once(client, world, script):
    judge = worked(hired(client, world, script))
    [item] = to_vote_on(world, [999])
    script.served_by = "scripted-2"
    assert worked(judge).state == "stopped"
    assert "scripted-2" in judge.why
    [event] = OutboxEvent.objects.filter(name="judge.stopped")
    assert (event.payload["judge"], "scripted-2" in event.payload["reason"]) == (judge.pk, True)
    assert ModelVote.objects.get(item=item).standing == "silent"


def test_the_page_shows_what_it_may_and_its_errors(client, world, script):
    script.answer = lambda text: "Good" if text in ("known text 4", "known text 6") else named(truth(text))
    judge = worked(hired(client, world, script))
    page = client.get(reverse("console:judge", args=[judge.pk])).content.decode()
    assert "be heard beside people" in page
    assert "10 / 10" in page  # says bad, and is right
    assert "12 / 14" in page  # says good
    told = client.get(f"/api/v1/judges/{judge.pk}").json()
    assert told["judge"]["may"] == "be_heard"
    mistakes = told["figures"]["mistakes"]
    assert [(one["truth"], one["said"], one["times"]) for one in mistakes] == [("Bad", "Good", 2)]
    assert "A model" in client.get(reverse("console:judges", args=[world.project.pk])).content.decode()
