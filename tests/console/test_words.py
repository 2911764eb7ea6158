"""People's words on the console: no name of the code, no micro-unit, and the next step where something is empty."""

import pytest
from django.urls import reverse
from django.utils import translation

from anchoring.models import AnchorTx
from console import display_names
from console.forms import BatchForm, ProjectForm, in_the_forms_words
from console.templatetags import console as tags
from labelling import task_types
from labelling.models import Project, Upload
from ledger.kinds import KINDS
from payouts.models import Deposit, Payout
from people.models import Membership, Organisation
from tests.roles import as_owner
from tests.worlds import sentiment_world


@pytest.fixture(autouse=True)
def english():
    """A page that another test asked for in isiZulu leaves its language to this thread."""
    with translation.override("en"):
        yield


def test_every_name_that_a_page_shows_has_words():
    for kind in task_types.every():
        assert set(kind.title) >= {"en", "zu"}
    assert set(display_names.MEDIA) == set(Project.Medium.values)
    assert set(display_names.ACCOUNTS) == set(KINDS)
    shown = (Payout.State, Deposit.State, AnchorTx.State, Upload.State, Membership.Role)
    assert set(display_names.STATES) >= {value for choices in shown for value in choices.values}


def test_a_name_without_words_is_shown_as_it_is():
    assert (tags.word("fund", "TRANSFERS"), tags.word("odd", "TRANSFERS")) == ("Into escrow", "odd")


def test_a_verbs_sentence_is_said_in_the_forms_words():
    form = ProjectForm(organisations=Organisation.objects.none())
    said = in_the_forms_words(form, "max_answers must be at least min_answers, both from 1 to 50.")
    assert said == "“Answers at most” must be at least “Answers at least”, both from 1 to 50."
    said = in_the_forms_words(BatchForm(), "base_micro is too low: pay at least 5000 micro-units a task.")
    assert said == "“Pay for each answer” is too low: pay at least 0.005 USD a task."


def test_an_empty_field_and_a_number_out_of_bounds_say_what_to_do():
    form = ProjectForm({"min_answers": "0", "max_answers": "x"}, organisations=Organisation.objects.none())
    errors = {name: list(found) for name, found in form.errors.items()}
    assert errors["title"] == ["This cannot stay empty: fill it in."]
    assert (errors["min_answers"], errors["max_answers"]) == (["Write 1 or more."], ["Write a number, such as 5."])


@pytest.mark.django_db
def test_a_price_that_is_refused_keeps_its_meter(client):
    world = sentiment_world(items=3)
    client.force_login(world.requester)
    sent = {"name": "B", "base_micro": "0.0001", "bonus_micro": "0", "then": "open"}
    page = client.post(reverse("console:batches", args=[world.project.pk]), sent)
    assert page.status_code == 400
    assert "below the floor" in page.content.decode()
    assert "What this price means" in page.content.decode()
    assert "base_micro comes" not in page.content.decode()


@pytest.mark.django_db
def test_the_project_page_says_the_next_step(client):
    world = sentiment_world(items=3)
    client.force_login(world.requester)
    address = reverse("console:project", args=[world.project.pk])
    page = client.get(address).content.decode()
    assert "Fund and open a batch" in page
    assert "Bring data" not in page
    with as_owner():  # known items stay, and the application cannot take one away
        world.project.items.all().delete()
    page = client.get(address).content.decode()
    assert "Bring data" in page
    assert "Fund and open a batch" not in page


@pytest.mark.django_db
def test_a_price_beyond_all_money_is_no_price(client):
    world = sentiment_world(items=3)
    client.force_login(world.requester)
    page = client.get(reverse("console:price", args=[world.project.pk]), {"base_micro": "1e999"})
    assert (page.status_code, "Write a price" in page.content.decode()) == (200, True)
