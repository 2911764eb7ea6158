"""A phone number is read in one way, however it is typed, wherever it is typed."""

import uuid

import pytest
from django.test import Client

from kernel.errors import DomainError
from payouts.models import Payout
from people.addresses import clean_phone, country_of
from people.models import Person
from tests.payouts.conftest import make_worker
from tests.worlds import sign_in


@pytest.mark.parametrize(
    ("typed", "country", "phone"),
    [
        ("082 123 4567", "", "+27821234567"),
        ("(082) 123-4567", "", "+27821234567"),
        ("+27 (0)82 123 4567", "", "+27821234567"),
        ("0027 82 123 4567", "", "+27821234567"),
        ("0712 345678", "KE", "+254712345678"),
        ("07911 123456", "GB", "+447911123456"),
        ("+254 712 345678", "ZA", "+254712345678"),
        ("٠٨٢ ١٢٣ ٤٥٦٧", "", "+27821234567"),
    ],
)
def test_it_is_understood_as_people_type_it(typed, country, phone):
    assert clean_phone(typed, country) == phone
    assert clean_phone(phone) == phone


@pytest.mark.parametrize(
    "typed", ["", "12", "082 123", "thandi", "+27 82 123 4567 890 12", "082 123 4567 ext. 9", "+999 1234567", "1" * 300]
)
def test_what_is_no_whole_number_is_refused_with_its_field(typed):
    with pytest.raises(DomainError) as refused:
        clean_phone(typed, field="destination.phone")
    assert (refused.value.field, refused.value.code) == ("destination.phone", "bad_phone")


def test_a_number_tells_whose_country_it_is():
    assert [country_of(one) for one in ("+27821234567", "+254712345678", None)] == ["ZA", "KE", ""]


@pytest.mark.django_db
def test_money_goes_to_a_number_as_sign_in_takes_it_in_her_own_country():
    worker = make_worker(5_000_000)
    Person.objects.filter(pk=worker.person_id).update(phone="+254712345678", phone_verified=True)
    client = sign_in(Client(), worker.person)
    body = {"id": str(uuid.uuid4()), "amount_micro": 1_000_000, "destination": {"phone": "0722 000 111"}}
    for _ in range(2):  # and once more, as after a lost reply: the same payout
        reply = client.post("/api/v1/wallet/payouts", body, content_type="application/json")
        assert reply.status_code == 201, reply.json()
    assert [payout.destination for payout in Payout.objects.all()] == ["+254722000111"]
    body = {**body, "id": str(uuid.uuid4()), "destination": {"phone": "0722"}}
    refused = client.post("/api/v1/wallet/payouts", body, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_phone")
