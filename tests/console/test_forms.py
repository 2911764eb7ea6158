"""What a requester does in the console, through HTTP: each form once right and once wrong."""

import hashlib
import io
import uuid

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery import outbox
from delivery.models import WebhookEndpoint
from labelling.data.import_upload import import_upload
from labelling.models import Batch, Decision, Item, Project, Release, Upload
from labelling.releases.build_release import build_release
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.factories import escrow_of, funds_of
from ledger.posting import balance
from people.models import ApiToken, Invitation, Organisation, Person
from tests.worlds import answer_to, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    world = sentiment_world(items=5)
    sign_in(client, world.requester)
    return world


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def project_form(world, **changed) -> dict:
    return {
        "organisation": world.organisation.pk, "title": "Moods", "labels": "Good | Kuhle\nBad", "language": "en",
        "instructions_en": "Read.", "instructions_zu": "", "target": "95", "min_answers": 2, "max_answers": 5,
        "estimated_task_s": 8, **changed,
    }  # fmt: skip


def test_a_project_from_the_catalogue_is_as_the_form_says(client, world):
    response = client.post(reverse("console:new_project", args=["sentiment"]), project_form(world))
    project = Project.objects.get(title="Moods")
    assert response.url == reverse("console:data", args=[project.pk])
    assert [label["name"] for label in project.config["labels"]] == [{"en": "Good", "zu": "Kuhle"}, {"en": "Bad"}]
    assert (project.target_ppm, project.max_answers, project.catalogue_entry) == (950_000, 5, "sentiment")
    assert project.instructions == {"en": "Read."}
    assert project.datasets.count() == 1


WRONG = [
    {"title": ""}, {"labels": ""}, {"labels": "a\na"}, {"labels": "a | b | c"}, {"max_answers": 1}, {"target": "100"}, {"organisation": 0},
]  # fmt: skip


@pytest.mark.parametrize("changed", WRONG)
def test_a_wrong_project_form_is_refused_and_makes_nothing(client, world, changed):
    response = client.post(reverse("console:new_project", args=["sentiment"]), project_form(world, **changed))
    assert response.status_code == 400
    assert b'role="alert"' in response.content or b'class="error"' in response.content
    assert Project.objects.count() == 1


def test_another_organisation_cannot_be_chosen(client, world):
    foreign = Organisation.objects.create(name="Foreign")
    response = client.post(
        reverse("console:new_project", args=["sentiment"]), project_form(world, organisation=foreign.pk)
    )
    assert response.status_code == 400
    assert foreign.projects.count() == 0


def test_uploading_a_table_brings_items_and_shows_what_was_refused(client, world):
    table = io.BytesIO(b"text\nFirst caf\xc3\xa9\nSecond caf\xc3\xa9\n\xff\xfe\n")
    table.name = "texts.csv"
    response = client.post(
        reverse("console:send_files", args=[world.project.pk]), {"files": [table]}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
    upload = Upload.objects.get()
    assert f'id="upload-{upload.pk}"' in response.content.decode()
    import_upload(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.rows_added) == ("done", 2)
    page = client.get(reverse("console:upload", args=[upload.pk])).content.decode()
    assert all(row.reason in page for row in upload.refused.all())
    assert Item.objects.filter(project=world.project).count() == 7


def test_sending_nothing_is_refused_in_one_sentence(client, world):
    response = client.post(reverse("console:send_files", args=[world.project.pk]), headers={"HX-Request": "true"})
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "send files" in response.content.decode()
    assert Upload.objects.count() == 0


def test_fund_and_open_puts_the_money_into_escrow(client, world):
    data = {"name": "b", "base_micro": "0.01", "bonus_micro": "0.005", "then": "open"}
    response = client.post(reverse("console:batches", args=[world.project.pk]), data)
    batch = Batch.objects.get()
    assert response.url == reverse("console:batch", args=[batch.pk])
    assert (batch.state, batch.base_micro, batch.bonus_micro, batch.items_total) == ("open", 10_000, 5_000, 5)
    assert balance(escrow_of(batch.pk), "USD") == batch.escrow_micro > 0
    assert balance(funds_of(world.organisation.pk), "USD") == 100_000_000 - batch.escrow_micro
    closed = client.post(reverse("console:close_batch", args=[batch.pk]))
    assert closed.status_code == 302
    batch.refresh_from_db()
    assert batch.state == "closed"


def test_a_price_below_the_floor_opens_nothing(client, world):
    data = {"name": "b", "base_micro": "0.0001", "then": "open"}
    response = client.post(reverse("console:batches", args=[world.project.pk]), data)
    assert response.status_code == 400
    assert "below the floor" in response.content.decode()
    assert Batch.objects.count() == 0
    assert balance(funds_of(world.organisation.pk), "USD") == 100_000_000


@pytest.mark.parametrize("typed", ["abc", "0.0000001", "NaN", "1e999", "-1"])
def test_an_amount_that_is_none_is_refused(client, world, typed):
    response = client.post(reverse("console:batches", args=[world.project.pk]), {"name": "b", "base_micro": typed})
    assert response.status_code == 400
    assert Batch.objects.count() == 0


def test_the_wage_meter_warns_below_the_floor(client, world):
    url = reverse("console:price", args=[world.project.pk])
    low = client.get(url, {"base_micro": "0.001"}).content.decode()
    good = client.get(url, {"base_micro": "0.01", "bonus_micro": "0.01"}).content.decode()
    assert "below the floor" in low
    assert "7.20 USD" in good  # 3600 / 5 s x 0.01
    assert "below the floor" not in good
    assert "14.40 USD" in good


def test_a_draft_is_opened_later_and_a_refusal_is_said_on_the_next_page(client, world):
    client.post(reverse("console:batches", args=[world.project.pk]), {"name": "b", "base_micro": "90"})
    batch = Batch.objects.get()
    assert batch.state == "draft"
    response = client.post(reverse("console:open_batch", args=[batch.pk]))
    assert "are missing" in said(response)[0]
    batch.refresh_from_db()
    assert batch.state == "draft"
    assert balance(funds_of(world.organisation.pk), "USD") == 100_000_000


def test_a_release_is_made_and_downloaded(client, world):
    releases = reverse("console:releases", args=[world.project.pk])
    assert "Nothing is decided yet" in said(client.post(releases))[0]
    assert Release.objects.count() == 0
    opened(world)
    for worker in world.workers[:2]:
        lent = draw_work(worker, world.batch, 20)
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
        outbox.drain()
    client.post(releases)
    build_release(Release.objects.get().pk)
    page = client.get(releases).content.decode()
    download = reverse("console:download", args=[Release.objects.get().pk])
    assert {name for name in ("jsonl", "csv", "coco") if f"{download}?format={name}" in page} == {"jsonl", "csv"}
    sent = client.get(f"{download}?format=jsonl")
    content = b"".join(sent.streaming_content)
    assert hashlib.sha256(content).hexdigest() == Release.objects.get().sha256
    assert content.count(b"\n") == 5
    assert sent["Content-Disposition"].endswith('-release-1.jsonl"')


def test_a_token_is_shown_once(client, world):
    made = client.post(reverse("console:tokens"), {"name": "nightly", "scopes": ["label"]})
    token = ApiToken.objects.get()
    assert made.content.decode().count(token.prefix) == 2  # the secret, and its beginning in the list
    assert made["Cache-Control"] == "no-store"
    assert client.get(reverse("console:tokens")).content.decode().count(token.prefix) == 1
    client.post(reverse("console:revoke_token", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_webhook_needs_an_address_of_the_public_net(client, world):
    url = reverse("console:webhooks")
    assert client.post(url, {"organisation": world.organisation.pk, "url": "ftp://example.org"}).status_code == 400
    assert WebhookEndpoint.objects.count() == 0
    hook = {"organisation": world.organisation.pk, "url": "https://example.org/hook"}
    assert client.post(url, hook).status_code == 400  # it would hear of nothing
    made = client.post(url, hook | {"events": ["item.decided"]})
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in made.content.decode()
    assert endpoint.secret not in client.get(url).content.decode()
    client.post(reverse("console:remove_webhook", args=[endpoint.pk]))
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None


def test_members_come_and_go(client, world):
    organisation = world.organisation.pk
    asked = reverse("console:add_member", args=[organisation])
    client.post(asked, {"address": "new@example.org", "role": "manager"})
    person = Person.objects.create_user(email="new@example.org")
    assert not world.organisation.memberships.filter(person=person).exists()
    refused = client.post(asked, {"address": "nonsense", "role": "manager"})
    assert "phone number" in said(refused)[-1]
    [invitation] = Invitation.objects.all()
    sign_in(Client(), person).post(reverse("console:accept_invitation", args=[invitation.pk]))
    assert world.organisation.memberships.filter(person=person).exists()
    client.post(reverse("console:remove_member", args=[organisation, person.pk]))
    assert not world.organisation.memberships.filter(person=person).exists()


def test_a_deposit_that_the_rail_has_not_confirmed_moves_no_money(client, world, settings):
    settings.RAIL_URL = "http://127.0.0.1:9"  # nobody listens there
    before = balance(funds_of(world.organisation.pk), "USD")
    data = {"id": str(uuid.uuid4()), "amount_micro": "25", "card": "card-ok"}
    response = client.post(reverse("console:deposit", args=[world.organisation.pk]), data)
    assert "on its way" in said(response)[0]
    assert world.organisation.deposits.get().amount_micro == 25_000_000
    assert balance(funds_of(world.organisation.pk), "USD") == before


def test_who_comes_from_a_batch_goes_back_to_it_with_the_money_or_without(client, world):
    batches = reverse("console:batches", args=[world.project.pk])
    here = reverse("console:organisation", args=[world.organisation.pk])
    page = client.get(here, {"project": world.project.pk, "missing": 25_000_000}).content.decode()
    assert f'href="{batches}"' in page
    assert 'value="25"' in page
    assert batches not in client.get(here).content.decode()
    deposit = reverse("console:deposit", args=[world.organisation.pk])
    data = {"id": str(uuid.uuid4()), "amount_micro": "25", "card": "card-ok", "project": world.project.pk}
    assert client.post(deposit, data).url == batches
    refused = client.post(deposit, data | {"id": str(uuid.uuid4()), "amount_micro": "0"})
    assert refused.url == f"{here}?project={world.project.pk}"


def test_a_deposit_for_the_batch_of_another_is_refused_before_money_moves(client, world):
    other = sentiment_world(items=1)
    data = {"id": str(uuid.uuid4()), "amount_micro": "25", "card": "card-ok", "project": other.project.pk}
    assert client.post(reverse("console:deposit", args=[world.organisation.pk]), data).status_code == 404
    assert not world.organisation.deposits.exists()


def test_progress_is_polled_only_while_something_is_open(client, world):
    url = reverse("console:progress", args=[world.project.pk])
    assert "hx-trigger" not in client.get(url).content.decode()
    opened(world)
    assert "hx-trigger" in client.get(url).content.decode()


def test_a_label_is_found_by_the_name_of_its_item(client, world):
    for number, item in enumerate(world.items):
        Item.objects.filter(pk=item.pk).update(external_id=f"IMG_{number}.jpg")
        Decision.objects.create(
            item=item, project=world.project, value={"label": "good"}, confidence_ppm=990_000, agreement_ppm=1_000_000,
            answers_used=2, method="m/1", inputs_hash="0" * 64, decided_at=timezone.now(), final=True, sure=True,
        )  # fmt: skip
    address = reverse("console:items", args=[world.project.pk])
    assert client.get(address, {"q": "img_3"}).content.decode().count("/console/items/") == 1
    assert "No item matches." in client.get(address, {"q": "%"}).content.decode()
    assert client.get(address).content.decode().count("/console/items/") == len(world.items)


@pytest.mark.parametrize(
    ("name", "sent", "field"),
    [
        ("tokens", {"name": "n"}, "id_scopes"),
        ("tokens", {"scopes": ["label"]}, "id_name"),
        ("account", {"confirm": "x"}, "confirm"),
    ],
)
def test_what_is_wrong_is_tied_to_its_field(client, world, name, sent, field):
    """A screen reader says the sentence when it comes to the field."""
    page = client.post(reverse(f"console:{name}"), sent).content.decode()
    assert f'aria-describedby="{field}_error"' in page
    assert f'id="{field}_error"' in page


def test_how_long_tasks_are_lent_is_asked_in_minutes_and_hours_and_stays_for_the_next_batch(client, world):
    address = reverse("console:batches", args=[world.project.pk])
    client.post(address, {"name": "b", "base_micro": "0.014", "lease_s": "45", "pack_s": "36"})
    batch = Batch.objects.get()
    assert (batch.lease_s, batch.pack_s) == (2_700, 129_600)
    page = client.get(address).content.decode()
    assert 'name="lease_s" value="45"' in page
    assert 'name="pack_s" value="36"' in page
    assert "45 minutes" in client.get(reverse("console:batch", args=[batch.pk])).content.decode()
    for wrong in ({"lease_s": "4"}, {"lease_s": "1441"}, {"pack_s": "49"}, {"lease_s": "120", "pack_s": "1"}):
        assert client.post(address, {"name": "b", "base_micro": "0.014", **wrong}).status_code == 400, wrong
    client.post(address, {"name": "none along", "base_micro": "0.014", "pack_s": "0"})
    assert Batch.objects.get(name="none along").pack_s == 0
