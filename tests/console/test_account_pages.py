"""The pages beside the work: account, sign-in, and what is shown when something is not there or goes wrong."""

import pytest
from django.test import Client
from django.urls import reverse
from django.views.defaults import server_error

from people.models import Person
from tests.worlds import sign_in

pytestmark = pytest.mark.django_db
ACCOUNT = [
    "account_email",
    "account_change_phone",
    "mfa_index",
    "account_change_password",
    "usersessions_list",
    "console:account",
]


@pytest.fixture
def person():
    return Person.objects.create_user(email="a@example.org", display_name="A", password="a-long-enough-word")


@pytest.mark.parametrize("name", ACCOUNT)
def test_every_account_page_leads_to_the_others_and_says_where_it_is(client, person, name):
    client.force_login(person)
    page = client.get(reverse(name)).content.decode()
    assert all(reverse(other) in page for other in ACCOUNT)
    assert f'<a href="{reverse(name)}" aria-current="page">' in page


def test_a_new_address_waits_for_its_code_and_the_only_one_cannot_be_taken_away(client, person):
    sign_in(client, person)
    address = reverse("account_email")
    assert "action_remove" not in client.get(address).content.decode()
    code = reverse("account_email_verification_sent")
    assert client.post(address, {"email": "b@example.org", "action_add": ""}).url == code
    assert "b@example.org" in client.get(code).content.decode()
    client.post(address, {"email": "a@example.org", "action_remove": ""})
    assert list(person.emailaddress_set.values_list("email", flat=True)) == ["a@example.org"]
    person.phone, person.phone_verified = "+27821234567", True
    person.save()
    assert "action_remove" in client.get(address).content.decode()
    client.post(address, {"email": "a@example.org", "action_remove": ""})
    assert not person.emailaddress_set.exists()


def test_a_password_is_changed_and_a_wrong_old_one_is_told_at_its_field(client, person):
    client.force_login(person)
    new = {"password1": "another-long-word", "password2": "another-long-word"}
    page = client.post(reverse("account_change_password"), {"oldpassword": "wrong", **new})
    assert 'class="error"' in page.content.decode()
    client.post(reverse("account_change_password"), {"oldpassword": "a-long-enough-word", **new})
    person.refresh_from_db()
    assert person.check_password("another-long-word")


def test_a_password_that_does_not_fit_says_what_to_do(client, person):
    page = client.post(reverse("account_login"), {"login": person.email, "password": "something-else"})
    assert "do not belong together: try again, or have a code sent" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_address_that_is_not_there_leads_back(client):
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert "There is no such page." in page.content.decode()
    assert f'href="{reverse("console:landing")}"' in page.content.decode()


def test_our_own_mistake_has_a_page(rf):
    page = server_error(rf.get("/"))
    assert page.status_code == 500
    assert "on our side" in page.content.decode()


def test_a_form_that_is_too_old_says_what_to_do():
    page = Client(enforce_csrf_checks=True).post(reverse("console:language"), {"language": "zu"})
    assert page.status_code == 403
    assert "load the page again" in page.content.decode()
