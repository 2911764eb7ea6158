"""A promise on a release: the sample is judged, labels that stand are counted, and anybody recomputes the bound."""

import json

import pytest
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxEvent
from kernel.errors import DomainError
from labelling.models import Decision, Item, Release
from labelling.proof import warranty as verifier
from labelling.releases.build_release import build_release
from labelling.releases.create_release import create_release
from labelling.releases.download_release import download_release
from labelling.releases.judge_label import judge_label, look_at, signed
from labelling.releases.promise_release import promise_release
from tests.worlds import sentiment_world

pytestmark = pytest.mark.django_db
N = 120


def released(n: int = N) -> Release:
    """Labels of falling confidence; every tenth is wrong."""
    world = sentiment_world(items=1)
    Item.objects.bulk_create(
        Item(content_hash=f"{i:064d}", payload={"text": f"t{i}"}, project=world.project, dataset=world.dataset)
        for i in range(n)
    )
    items = world.project.items.exclude(pk=world.items[0].pk).order_by("pk")
    Decision.objects.bulk_create(
        Decision(
            item=item, project=world.project, value={"label": "bad" if place % 10 == 9 else "good"}, confidence_ppm=990_000 - 3000 * place,
            agreement_ppm=1_000_000, answers_used=3, final=True, sure=True, method="m", inputs_hash="0" * 64,
            decided_at=timezone.now(),
        )
        for place, item in enumerate(items)
    )  # fmt: skip
    release = create_release(world.requester, world.project)
    build_release(release.pk)
    release.refresh_from_db()
    return release


def is_right(warranty, place: int) -> bool:
    return place % 10 != 9


def judged(warranty, most: int = 10**6):
    """Judge what is asked for until nothing is left."""
    for _ in range(most):
        found = look_at(warranty)
        if not found.to_judge:
            break
        place = found.to_judge[0]
        warranty = judge_label(
            warranty.created_by, warranty, item=warranty.labels[place][0], right=is_right(warranty, place)
        )
    return warranty


def files(release: Release, warranty, tmp_path):
    frozen, promise = tmp_path / "release.jsonl", tmp_path / "warranty.json"
    frozen.write_bytes(b"".join(download_release(warranty.created_by, release).chunks))
    promise.write_text(json.dumps(signed(warranty)))
    return frozen, promise


def test_what_is_promised_is_kept_and_recomputed(tmp_path, capsys):
    release = released()
    warranty = judged(promise_release(release.created_by, release, error_ppm=200_000, draws=80))
    found = look_at(warranty)
    assert warranty.state == "kept"
    assert found.stands.bound <= 0.2
    assert found.right.low <= 0.9 <= found.right.high  # every tenth label is wrong
    stand = [place for place, (_, sure) in enumerate(warranty.labels) if sure >= found.stands.confidence_ppm]
    assert sum(not is_right(warranty, place) for place in stand) / N <= 0.2
    frozen, promise = files(release, warranty, tmp_path)
    assert verifier.main([str(frozen), str(promise)]) == 0
    assert "holds" in capsys.readouterr().out
    # The control: one label of the release changed, one judgement turned, or a promise that says more.
    frozen_bytes = frozen.read_bytes()
    frozen.write_bytes(frozen_bytes.replace(b'"bad"', b'"odd"', 1))
    assert verifier.main([str(frozen), str(promise)]) == 1
    frozen.write_bytes(frozen_bytes)
    said = signed(warranty)
    said["body"]["error_ppm"] = 20_000
    promise.write_text(json.dumps(said))
    assert verifier.main([str(frozen), str(promise)]) == 1
    with pytest.raises(DomainError, match="kept"):
        judge_label(warranty.created_by, warranty, item=warranty.labels[0][0], right=False)


def test_beyond_its_budget_the_price_is_told():
    release = released()
    warranty = judged(promise_release(release.created_by, release, error_ppm=50_000, draws=80, budget=70))
    [event] = OutboxEvent.objects.filter(name="warranty.dear")
    assert event.payload["judgements_needed"] > 70 == event.payload["budget"]
    outbox.drain()
    assert warranty.state == "kept"  # who goes on judging all the same has it in the end


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"error_ppm": 0}, "error_ppm"),
        ({"error_ppm": 50_000, "reference_error_ppm": 50_000}, "reference_error_ppm"),
        ({"error_ppm": 50_000, "draws": 5}, "draws"),
        ({"error_ppm": 50_000, "budget": 1}, "budget"),
    ],
)
def test_what_cannot_be_promised_is_refused(asked, field):
    release = released(3)
    with pytest.raises(DomainError) as refused:
        promise_release(release.created_by, release, **asked)
    assert refused.value.field == field


def test_the_page_and_the_api(client):
    release = released(20)
    client.force_login(release.created_by)
    page = f"/console/releases/{release.pk}/promise/"
    assert "Ask for a promise" in client.get(page).content.decode()
    assert client.get(f"/api/v1/releases/{release.pk}/warranty").status_code == 404
    client.post(page, {"error": "20", "draws": "many"})
    assert "Draws of the sample: Write a number, such as 5." in client.get(page).content.decode()
    client.post(page, {"error": "20", "draws": "60"})
    said = client.get(f"/api/v1/releases/{release.pk}/warranty").json()
    assert (said["state"], said["error_ppm"], said["labels"], said["stands"]) == ("open", 200_000, 20, None)
    for place in range(40):
        if not (left := client.get(f"/api/v1/releases/{release.pk}/warranty").json()["next_items"]):
            break
        body = {"item": left[0], "right": True}
        if place % 2:
            assert (
                client.post(f"/api/v1/releases/{release.pk}/warranty/judgements", body, "application/json").status_code
                == 200
            )
        else:
            client.post(page, {"item": left[0], "said": "right"})
    said = client.get(f"/api/v1/releases/{release.pk}/warranty").json()
    assert (said["state"], said["to_judge"]) == ("kept", 0)
    assert said["right_low_ppm"] < said["right_ppm"] <= said["right_high_ppm"]
    assert "kept" in client.get(page).content.decode()
    file = client.get(f"/console/releases/{release.pk}/promise/file/").json()
    assert file == client.get(f"/api/v1/releases/{release.pk}/warranty/file").json()
    assert len(file["body"]["judgements"]) == said["judged"]
