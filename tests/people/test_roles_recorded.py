"""Roles that decide about others' money: no way of giving or taking one leaves the audit log out (M9)."""

import pytest
from django.core.management import call_command

from people.actions.erase_person import erase_person
from people.models import AuditEntry, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    made = Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True)
    client.force_login(made)
    return made


def entries(person):
    found = AuditEntry.objects.filter(action="people.change_roles", target=f"person:{person.pk}").order_by("pk")
    return [(entry.actor, entry.detail) for entry in found]


def test_a_reviewer_made_in_the_raw_tables_is_on_the_audit_page(client, admin):
    person = Person.objects.create_user(email="nomsa@example.org", display_name="Nomsa")
    change = {"display_name": "Nomsa", "language": "en", "is_active": "on"}
    address = f"/admin/people/person/{person.pk}/change/"
    assert client.post(address, change | {"is_reviewer": "on"}).status_code == 302
    assert Person.objects.get(pk=person.pk).is_reviewer
    assert entries(person) == [(admin, {"is_reviewer": True})]
    page = client.get("/console/admin/audit/?action=people.change_roles").text
    assert "people.change_roles" in page
    assert f"person:{person.pk}" in page
    assert client.post(address, change).status_code == 302
    assert client.post(address, {**change, "is_active": ""}).status_code == 302
    assert entries(person)[1:] == [(admin, {"is_reviewer": False}), (admin, {"is_active": False})]


def test_other_changes_there_are_recorded_too(client, admin):
    person = Person.objects.create_user(email="nomsa@example.org")
    sent = {"display_name": "Thandi", "language": "en", "is_active": "on"}
    client.post(f"/admin/people/person/{person.pk}/change/", sent)
    entry = AuditEntry.objects.get(action="admin.change")
    assert (entry.actor, entry.target, entry.detail) == (admin, f"person:{person.pk}", {"fields": ["display_name"]})
    assert entries(person) == []


def test_an_admin_made_by_a_command_is_recorded():
    call_command("createsuperuser", email="root@example.org", interactive=False, verbosity=0)
    [(actor, detail)] = entries(Person.objects.get(email="root@example.org"))
    assert (actor, detail) == (None, {"is_staff": True, "is_superuser": True})


def test_a_role_that_ends_with_the_account_is_recorded():
    person = Person.objects.create_user(email="r@example.org", is_reviewer=True)
    erase_person(person)
    assert {"is_reviewer", "is_active"} <= {name for _, detail in entries(person) for name in detail}


def test_saving_what_is_no_role_asks_for_none(django_assert_num_queries):
    person = Person.objects.create_user(email="r@example.org", is_staff=True)
    person.display_name = "R"
    with django_assert_num_queries(1):
        person.save(update_fields=["display_name"])
