"""The pages on which a requester changes her mind: what is typed reaches the verbs, and a refusal stands where it belongs."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labelling.gold.set_gold import set_gold
from labelling.models import Decision, Gold, QuestionVersion
from tests.work.test_question_versions import decided
from tests.worlds import sentiment_world

pytestmark = pytest.mark.django_db
EDITED = {
    "title": "Kind?", "instructions_en": "Look twice.", "instructions_zu": "", "language": "en", "target": "90",
    "gold_share": "5", "min_answers": "2", "max_answers": "4", "estimated_task_s": "6",
    "asks_belt": "seed",
}  # fmt: skip


@pytest.fixture
def world(client):
    world = decided(said="bad", items=2)
    client.force_login(world.requester)
    return world


def typed_labels(project, **fates) -> dict:
    rows = project.config["labels"]
    said = {}
    for n, label in enumerate(rows):
        said |= {
            f"id_{n}": label["id"],
            f"en_{n}": label["name"]["en"],
            f"place_{n}": str(n + 1),
            f"colour_{n}": "#aa0000",
        }
        said[f"fate_{n}"] = fates.get(label["id"], "keep")
    return said


def test_a_project_is_edited_on_its_page_and_a_refusal_names_its_field(client, world):
    url = reverse("console:question", args=[world.project.pk])
    assert client.post(url, EDITED).status_code == 302
    world.project.refresh_from_db()
    assert (world.project.title, world.project.target_ppm, world.project.gold_share_bps) == ("Kind?", 900_000, 500)
    assert world.project.instructions == {"en": "Look twice."}
    assert world.project.suggestions_enabled is False
    wrong = client.post(url, {**EDITED, "min_answers": "5"})
    assert wrong.status_code == 400
    assert "aria-invalid" in wrong.content.decode()
    assert QuestionVersion.objects.count() == 2


def test_labels_change_only_after_what_it_touches_was_shown(client, world):
    url, typed = (
        reverse("console:change_labels", args=[world.project.pk]),
        typed_labels(world.project, bad="merge:mixed"),
    )
    shown = client.post(url, typed)
    assert "Bad becomes one with Mixed." in shown.content.decode()
    assert "4 answers count as Mixed, 2 decided items become Mixed" in shown.content.decode()
    assert QuestionVersion.objects.count() == 1
    assert client.post(url, {**typed, "sure": "yes"}).status_code == 302
    world.project.refresh_from_db()
    assert [one["id"] for one in world.project.config["labels"]] == ["good", "mixed"]
    gone = client.post(url, typed_labels(world.project, good="retire", mixed="retire"))
    assert gone.status_code == 400
    assert 'role="alert"' in gone.content.decode()


def test_places_and_new_rows_make_the_order(client, world):
    typed = typed_labels(world.project) | {
        "place_0": "9",
        "id_3": "",
        "en_3": "First of all",
        "place_3": "0",
        "id_4": "",
        "en_4": " ",
    }
    client.post(reverse("console:change_labels", args=[world.project.pk]), {**typed, "sure": "yes"})
    world.project.refresh_from_db()
    assert [one["name"]["en"] for one in world.project.config["labels"]] == ["First of all", "Good", "Mixed", "Bad"]


def test_asking_again_tells_the_cost_and_then_does_it(client, world):
    url = reverse("console:ask_again", args=[world.project.pk])
    page = client.get(
        url,
        {
            "label": "bad",
            "which": "all",
            "base_micro": "0.02",
            "bonus_micro": "0",
            "min_answers": "2",
            "max_answers": "3",
        },
    )
    assert "0.14 USD" in page.content.decode()  # 2 items x 3 answers and one to spare, at 0.02
    one = world.items[0].pk
    assert client.post(url, {"item": one}).status_code == 302  # at the last price
    assert not Decision.objects.get(item=one).final
    again = client.post(url, {"item": one})
    assert again.status_code == 400
    assert "is on offer already" in again.content.decode()
    assert client.get(url, {"label": "nobody", "base_micro": "x"}).status_code == 400


def test_an_item_is_corrected_made_known_and_retired_on_its_page(client, world):
    item = world.items[0].pk
    assert "Put the label right" in client.get(reverse("console:item", args=[item])).content.decode()
    client.post(reverse("console:correct_label", args=[item]), {"value": '{"label": "mixed"}', "reason": "Both."})
    assert Decision.objects.get(item=item).value == {"label": "mixed"}
    page = client.get(reverse("console:item", args=[item])).content.decode()
    assert "Both." in page
    assert "Take the correction back" in page
    client.post(reverse("console:make_gold", args=[item]), {"explanation": "Irony."})
    assert Gold.objects.get(item=item).truth == {"label": "mixed"}
    client.post(reverse("console:retire_gold", args=[item]))
    assert Gold.objects.get(item=item).retired_at
    assert client.get(reverse("console:item", args=[item]), {"start": "no id"}).status_code == 200


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "Write the answer first"),
        ("{", "must be written as JSON"),
        ("[" * 200, "must be written as JSON"),
        ('{"label": "ugly"}', "label"),
    ],
)
def test_an_answer_that_is_wrongly_written_comes_back_with_a_sentence_and_changes_nothing(client, world, written, said):
    item, before = world.items[0], Decision.objects.get(item=world.items[0]).value
    for door in ("correct_label", "make_gold"):
        page = client.post(reverse(f"console:{door}", args=[item.pk]), {"value": written, "reason": "My reason."})
        text = page.content.decode()
        assert page.status_code == 400
        assert said in text
        assert html.escape(written) in text
        assert 'role="alert"' in text
    assert Decision.objects.get(item=item).value == before
    assert not Gold.objects.filter(item=item).exists()


def test_a_known_answer_may_be_another_than_the_label_and_is_changed(client, world):
    item = world.items[0]
    client.post(reverse("console:make_gold", args=[item.pk]), {"value": '{"label": "mixed"}', "explanation": "Irony."})
    assert Gold.objects.get(item=item).truth == {"label": "mixed"}
    assert Decision.objects.get(item=item).value != {"label": "mixed"}
    Decision.objects.filter(item=item).delete()  # as where the answer came with the data
    page = client.get(reverse("console:item", args=[item.pk])).content.decode()
    assert "Change the known answer" in page
    client.post(reverse("console:make_gold", args=[item.pk]), {"value": '{"label": "good"}', "explanation": "Plain."})
    gold = Gold.objects.get(item=item)
    assert (gold.truth, gold.explanation) == ({"label": "good"}, "Plain.")


def test_the_trial_may_be_framed_by_the_console_alone(client, world):
    page = client.get(reverse("console:try", args=[world.project.pk]))
    assert "/try/app/" in page.content.decode()
    for app in (client.get(reverse("console:try_app", args=[world.project.pk])), client.get(reverse("console:editor"))):
        assert app["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in app["Content-Security-Policy"]
        assert "unsafe" not in app["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["question", "known_tasks", "ask_again", "try"])
def test_a_page_costs_the_same_for_many(client, name):
    counts = []
    for size in (1, 12):
        world = sentiment_world(items=size)
        for item in world.items:
            set_gold(world.requester, item, {"label": "good"})
        client.force_login(world.requester)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(f"console:{name}", args=[world.project.pk])).status_code in (200, 400)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14


def test_a_new_batch_is_prefilled_from_the_last_and_may_ask_more(client, world):
    url = reverse("console:batches", args=[world.project.pk])
    Decision.objects.filter(item=world.items[0]).update(final=False)
    page = client.get(url).content.decode()
    assert 'value="0.01"' in page  # the price of the last one
    client.post(url, {"name": "more", "base_micro": "0.02", "bonus_micro": "0", "min_answers": "4", "max_answers": "9"})
    made = world.project.batches.latest("pk")
    assert (made.min_answers, made.max_answers, made.base_micro) == (4, 9, 20_000)
    wrong = client.post(url, {"name": "more", "base_micro": "0.02", "min_answers": "4", "max_answers": "2"})
    assert wrong.status_code == 400
