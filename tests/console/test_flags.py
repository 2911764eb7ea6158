"""Flags on the admin's pages: each in a sentence with its numbers, one click from the very answers."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from consensus.app.actions.look_for_abuse import look_for_abuse
from consensus.app.models import WorkerFlag
from console.flags import NAMES, show_flags
from console.views import admin_beside, admin_workers
from delivery import outbox
from labelling.models import Answer, Decision
from people.models import Person
from tests.abused import abused
from tests.work.test_bans import banned

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def crowd():
    crowd = abused()
    look_for_abuse(crowd.world.project.pk)
    return crowd


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def flag_link(response) -> str:
    article = re.search(r'<article class="flag.*?</article>', response.content.decode(), re.DOTALL).group()
    return unescape(re.search(r'<a class="btn" href="([^"]+)"', article).group(1))


def test_a_ring_is_told_with_its_numbers_and_leads_to_the_answers_side_by_side(client, crowd, admin):
    client.force_login(admin)
    one, two = crowd.ring[:2]
    page = client.get(reverse("console:admin_worker", args=[one.pk]))
    evidence = WorkerFlag.objects.get(worker=one).evidence
    partner = WorkerFlag.objects.get(worker=one).partners[0]
    assert f"on {evidence['same']:.0f} of {evidence['shared']:.0f} shared items" in text_of(page)
    assert f"on about {evidence['same_expected']:.0f}" in text_of(page)
    assert "3 workers hang together" in text_of(page)
    behind = client.get(flag_link(page))
    assert behind.status_code == 200
    assert f"/beside/{partner}/" in flag_link(page)
    assert two.pseudonym in text_of(behind) or partner != two.pk


def test_side_by_side_counts_and_shows_what_is_the_same_and_what_is_wrong(client, crowd, admin):
    outbox.drain()
    client.force_login(admin)
    one, two = crowd.ring[:2]
    said = [dict(Answer.objects.filter(worker=w).values_list("item_id", "value__label")) for w in (one, two)]
    decided = dict(Decision.objects.values_list("item_id", "value__label"))
    same = [item for item in said[0] if said[0][item] == said[1][item]]
    wrong = [item for item in same if said[0][item] != decided[item]]
    assert wrong
    assert len(wrong) < len(same)
    address = reverse("console:admin_beside", args=[one.pk, two.pk])
    page = client.get(address, {"project": crowd.world.project.pk, "which": "same-wrong"})
    figures = re.findall(r'<dd><a href="[^"]*">(\d+)</a></dd>', page.content.decode())
    assert [int(n) for n in figures] == [80, len(same), len(wrong)]
    assert page.content.decode().count('<article class="answer">') == min(len(wrong), admin_beside.CARDS)
    assert page.content.decode().count("same, and wrong") == min(len(wrong), admin_beside.CARDS)
    different = client.get(address, {"which": "different"})
    assert different.content.decode().count('<article class="answer">') == min(80 - len(same), admin_beside.CARDS)


def test_a_machine_is_told_in_seconds_and_leads_to_the_stretch_of_answers(client, crowd, admin):
    client.force_login(admin)
    page = client.get(reverse("console:admin_worker", args=[crowd.machine.pk]))
    assert "80 answers came faster than people work: 20 in a row took 0." in text_of(page)
    behind = client.get(flag_link(page))
    assert behind.content.decode().count('<article class="answer') == 20
    shown = {float(s) for s in re.findall(r"· (\d+\.\d) s ·", text_of(behind))}
    assert max(shown) < 1.5
    everything = client.get(reverse("console:admin_answers", args=[crowd.machine.pk]))
    assert everything.content.decode().count('<article class="answer') == admin_workers.CARDS


def test_a_clicker_is_told_and_the_honest_have_no_word_against_them(client, crowd, admin):
    client.force_login(admin)
    told = text_of(client.get(reverse("console:admin_worker", args=[crowd.clicker.pk])))
    assert "Of 80 answers, about" in told
    assert "An honest worker shows as much" in told
    honest = client.get(reverse("console:admin_worker", args=[crowd.honest[0].pk]))
    assert 'class="flag' not in honest.content.decode()


def test_the_list_names_the_flags_and_can_show_the_flagged_only(client, crowd, admin):
    client.force_login(admin)
    everybody = client.get(reverse("console:admin_workers")).content.decode()
    assert all(worker.pseudonym in everybody for worker in crowd.world.workers)
    assert everybody.count(">copies<") == 3
    assert everybody.count(">machine-fast<") == everybody.count(">answers at random<") == 1
    flagged = client.get(reverse("console:admin_workers"), {"flagged": "1"}).content.decode()
    assert all(w.pseudonym in flagged for w in [*crowd.ring, crowd.machine, crowd.clicker])
    assert not any(w.pseudonym in flagged for w in crowd.honest)


def test_a_ban_is_explained_by_what_stood_then(client, crowd, admin):
    client.force_login(admin)
    worker = crowd.machine
    ban = banned(admin, worker, crowd.world.project, sentence="A script, not a person.")
    later = WorkerFlag.objects.get(worker=crowd.ring[0])
    WorkerFlag.objects.create(
        worker=worker, project=later.project, kind="drift", score_ppm=300_000, p_value=1e-4, partners=[], method="abuse/1",
        evidence={"before": 0.9, "after": 0.6, "change": -0.3, "answers_before": 40, "answers_after": 40, "first_seq": 1,
                  "from": "2026-01-02T03:04:05+00:00"},
        first_seen=ban.starts_at + timedelta(days=1), last_seen=ban.starts_at + timedelta(days=1),
    )  # fmt: skip
    page = client.get(reverse("console:admin_worker", args=[worker.pk]))
    assert "A script, not a person." in text_of(page)
    assert text_of(page).count("stood when banned") == 1
    assert "Right about 90 % of the time in the first 40 answers, 60 % in the 40 since 2026-01-02 03:04" in text_of(
        page
    )


def test_a_closed_flag_is_kept_out_of_the_way(client, crowd, admin):
    client.force_login(admin)
    WorkerFlag.objects.filter(worker=crowd.machine).update(closed_at=timezone.now())
    page = client.get(reverse("console:admin_worker", args=[crowd.machine.pk]))
    assert "1 flag that no longer holds" in text_of(page)
    assert "no longer so since" in text_of(page)
    assert "machine-fast" not in text_of(client.get(reverse("console:admin_workers")))


def test_every_kind_has_a_name_and_a_sentence_without_holes(crowd):
    assert set(NAMES) == set(WorkerFlag.Kind.values)
    numbers = {
        "answers": 100, "attention": 0.05, "right": 51.2, "right_by_chance": 50.0, "rank_one": 0.01, "label": "good",
        "label_answers": 99, "label_expected": 50.4, "every": 3, "repeats": 97, "repeats_expected": 33.3, "shared": 200.0,
        "same": 190.0, "same_expected": 120.4, "both_wrong": 60.0, "same_wrong": 57.0, "same_wrong_expected": 14.2,
        "ring_size": 3, "copied": 0.9, "window": 20, "seconds": 0.312, "least_s": 0.3, "most_s": 0.35, "usual_s": 6.02,
        "first_seq": 1, "last_seq": 20, "from": "2026-01-02T03:04:05+00:00", "before": 0.9, "after": 0.5, "change": -0.4,
        "answers_before": 60, "answers_after": 40, "pairs": 300, "same_by_chance": 149.6, "gold_right": 4, "gold_seen": 9,
        "gold_answered": 12, "gold_lent": 13, "work_answered": 7, "work_lent": 90,
    }  # fmt: skip
    now = timezone.now()
    flags = [
        WorkerFlag(
            worker=crowd.clicker, project=crowd.world.project, kind=kind, score_ppm=1, p_value=0.0, evidence=numbers,
            partners=[crowd.ring[0].pk], method="abuse/1", first_seen=now, last_seen=now,
        )
        for kind in WorkerFlag.Kind.values
    ]  # fmt: skip
    told = {flag.row.kind: flag.sentence for flag in show_flags(crowd.clicker, flags, [], "en")}
    assert all("%(" not in sentence for sentence in told.values())
    assert told["one_label"].startswith("99 of 100 answers are “Good”; in this project it is given about 50 times")
    assert "On 57 items both gave the same answer that the others find wrong (usual: about 14)." in told["ring"]
    assert told["chance"].startswith(
        "Of 300 pairs with others on the same items 190 are the same; by chance it would be 150, and"
    )
    assert "Known items right: 4 of 9." in told["chance"]
    assert told["picky"].startswith("Answered 12 of 13 known items and 7 of 90 others;")
    assert told["hurried"].startswith("100 of the last 20 answers came faster than a person can see the item and tap")
    assert "20 in a row took 0.31 s each (0.3 to 0.35 s); others take about 6.0 s" in told["fast"]


def test_a_flag_stays_out_of_a_persons_own_data(crowd):
    """It would tell who cheats that she is seen, and by what; she is told with a ban, evidence and all."""
    from people.personal_data import export_person

    assert WorkerFlag.objects.filter(worker=crowd.ring[0]).exists()
    exported = "".join(export_person(crowd.ring[0].person))
    assert "WorkerFlag" not in exported
    assert "same_wrong_expected" not in exported
    assert "partners" not in exported
