import hashlib

import pytest

from kernel.errors import DomainError, NotFound
from people.access import get_any_worker_for, get_organisation_for, get_token_for, roles_of
from people.actions.become_worker import become_worker
from people.actions.create_organisation import create_organisation
from people.actions.make_token import make_token
from people.actions.remove_member import remove_member
from people.actions.revoke_token import revoke_token
from people.addresses import clean_phone
from people.models import ApiToken, AuditEntry, Membership, Person, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def thandi():
    return Person.objects.create_user(email="thandi@example.org")


@pytest.fixture
def sipho():
    return Person.objects.create_user(phone="+27821234567")


def test_becoming_a_worker_twice_is_one_worker(sipho):
    first = become_worker(sipho, country="za")
    assert become_worker(sipho) == first
    assert (Worker.objects.count(), first.country) == (1, "ZA")
    assert roles_of(sipho) == ["worker"]
    assert AuditEntry.objects.filter(action="people.become_worker").count() == 1


def test_an_organisation_has_its_maker_as_owner(thandi):
    organisation = create_organisation(thandi, "  Umuthi Labs ")
    assert organisation.name == "Umuthi Labs"
    assert organisation.memberships.get().role == Membership.Role.OWNER
    assert roles_of(thandi) == ["requester"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_bad_name_is_refused_and_makes_nothing(thandi, name):
    with pytest.raises(DomainError) as refused:
        create_organisation(thandi, name)
    assert refused.value.field == "name"
    assert roles_of(thandi) == []


def test_the_last_owner_stays(thandi, sipho):
    organisation = create_organisation(thandi, "Umuthi")
    Membership.objects.create(organisation=organisation, person=sipho)
    with pytest.raises(DomainError, match="at least one owner"):
        remove_member(thandi, organisation.pk, thandi.pk)
    remove_member(thandi, organisation.pk, sipho.pk)
    assert [m.person for m in organisation.memberships.all()] == [thandi]


def test_another_organisation_and_no_organisation_are_the_same_refusal(thandi, sipho):
    organisation = create_organisation(thandi, "Umuthi")
    for organisation_id in (organisation.pk, 999_999, -1, 2**70):
        with pytest.raises(NotFound):
            get_organisation_for(sipho, organisation_id)
    sipho.is_staff = True
    assert get_organisation_for(sipho, organisation.pk) == organisation


def test_a_token_is_kept_as_a_hash_and_can_be_revoked(thandi, sipho):
    token, secret = make_token(thandi, "nightly", ["label", "projects"])
    assert secret.startswith("ilm_")
    assert token.token_sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(ApiToken.objects.filter(pk=token.pk).values().get())
    assert token.scopes == ["projects", "label"]
    with pytest.raises(NotFound):
        revoke_token(sipho, token.pk)
    assert get_token_for(thandi, token.pk).revoked_at is None
    first = revoke_token(thandi, token.pk).revoked_at
    assert revoke_token(thandi, token.pk).revoked_at == first is not None


@pytest.mark.parametrize("scopes", [[], ["admin"], "label", ["label", "root"]])
def test_an_unknown_scope_makes_no_token(thandi, scopes):
    with pytest.raises(DomainError) as refused:
        make_token(thandi, "x", scopes)
    assert refused.value.field == "scopes"
    assert not ApiToken.objects.exists()


def test_only_an_admin_sees_a_workers_row(thandi, sipho):
    worker = become_worker(sipho)
    with pytest.raises(NotFound):
        get_any_worker_for(thandi, worker.pk)
    thandi.is_staff = True
    assert get_any_worker_for(thandi, worker.pk) == worker


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+27 82 123 4567", "+27821234567"),
        ("0027821234567", "+27821234567"),
        ("+254 (712) 345-678", "+254712345678"),
        ("0821234567", "+27821234567"),
        ("27821234567", "+27821234567"),
        ("+2782123456７", "+27821234567"),
    ],
)
def test_phone_numbers_as_people_type_them(typed, number):
    assert clean_phone(typed) == number


@pytest.mark.parametrize("typed", ["+0821234567", "+12", "+1234567890123456", "", "+27a"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(DomainError):
        clean_phone(typed)
