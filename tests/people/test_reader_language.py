"""What reaches a person is in the language that she has chosen: by mail (its subject, too) and by SMS, whoever caused it."""

import pytest
from allauth.core.context import request_context
from django.conf import settings
from django.core import mail
from django.test import Client, RequestFactory
from django.utils.translation import activate, get_language, override

from kernel.errors import Conflict, DomainError
from kernel.say import say
from labelling.conduct.notifications import EVERYWHERE, MESSAGES
from payouts.notifications import MESSAGES as OF_MONEY
from people.adapter import AccountAdapter
from people.models import Person
from people.telling import tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    yield
    activate(settings.LANGUAGE_CODE)


def texts_to(phone: str) -> str:
    return (settings.DATA_DIR / "sms" / f"{phone.lstrip('+')}.txt").read_text(encoding="utf-8")


def test_a_mail_is_said_in_her_language_with_its_subject():
    noma = Person.objects.create_user(email="noma@example.org", language="zu")
    tell(noma, MESSAGES["made"], where=EVERYWHERE, until="2030-01-01", link="https://x")
    [letter] = mail.outbox
    assert letter.subject == "Ilima: Umsebenzi wakho"
    assert letter.body.startswith("Awukwazi ukuthatha umsebenzi omusha ku-yonke imisebenzi kuze kube 2030-01-01.")
    assert get_language() == "en", "only that message was"


def test_words_that_people_wrote_are_put_in_as_they_are():
    noma = Person.objects.create_user(email="noma@example.org", language="zu")
    tell(noma, MESSAGES["won"], where="A {link} %s {0.__class__}", link="https://x")
    assert "A {link} %s {0.__class__}" in mail.outbox[0].body


def test_an_sms_is_said_in_her_language_whatever_the_request_speaks():
    request = RequestFactory().post("/")
    request.META["REMOTE_ADDR"] = "10.1.2.3"
    sipho = Person.objects.create_user(phone="+27821230099", language="zu")
    with request_context(request):
        AccountAdapter(request).send_verification_code_sms(sipho, sipho.phone, "123456")
    assert texts_to(sipho.phone).strip().endswith("123456 yikhodi yakho ye-Ilima. Ungalokothi uyitshele muntu.")
    tell(sipho, OF_MONEY["appeal"], until="2030-01-01", link="https://x")
    assert "Umsebenzi ucela inkokhelo" in texts_to(sipho.phone)


def test_a_code_by_mail_is_in_the_language_of_its_reader():
    noma = Person.objects.create_user(email="noma@example.org", language="zu")
    request = RequestFactory().post("/")
    request.META["REMOTE_ADDR"] = "10.1.2.4"
    with request_context(request):
        AccountAdapter(request).send_mail(
            "account/email/login_code", noma.email, {"request": request, "code": "123456"}
        )
    [letter] = mail.outbox
    assert letter.subject == "Ilima: Ikhodi yokungena"
    assert "Ikhodi yakho yokungena ingezansi" in letter.body


def test_a_language_without_a_catalogue_falls_back_to_english():
    ama = Person.objects.create_user(email="ama@example.org", language="om")
    tell(ama, MESSAGES["lifted"], where="Cats", link="https://x")
    assert mail.outbox[0].subject == "Ilima: Your work"


@pytest.mark.parametrize("language", settings.PHONE_LANGUAGES)
def test_every_language_of_the_phone_is_one_that_we_write_in(language):
    """A mail, the sign-up, and a refusal to the phone; a page of the console in English, unless it has its words."""
    with override(language):
        subject, refused = say("Your work"), say("{name} is missing.", name="text")
    assert (subject == "Your work") == (language == "en")
    client = Client(headers={"accept-language": f"{language}, en;q=0.5"})
    signed = {"phone": "+27821230099", "language": language}
    assert (
        client.post("/_allauth/browser/v1/auth/signup", signed, "application/json").status_code == 401
    )  # a code is on its way
    sipho = Person.objects.get(phone=signed["phone"])
    assert sipho.language == language
    tell(sipho, MESSAGES["lifted"], where="Cats", link="https://x")
    assert texts_to(sipho.phone)
    client.force_login(Person.objects.create_user(email="noma@example.org", language=language))
    reply = client.post("/api/v1/me/terms", {}, "application/json")
    assert (reply.status_code, reply.headers["Content-Language"]) == (400, language.lower())
    assert reply.json()["error"]["message"] == refused.replace("text", reply.json()["error"]["field"])
    page = client.get("/console/account/")
    assert page.status_code == 200
    assert page.headers["Content-Language"] == (language if language in settings.CONSOLE_LANGUAGES else "en")


def test_a_page_is_in_the_first_language_of_the_console_that_she_reads():
    reads = Client(headers={"accept-language": "fr-CH, zu;q=0.7, en;q=0.5"})
    assert reads.get("/").headers["Content-Language"] == "zu"
    reads.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert reads.get("/").headers["Content-Language"] == "en", "she has chosen it there"
    phone = Client(headers={"accept-language": "zu"})
    phone.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert phone.get("/api/v1/me").headers["Content-Language"] == "zu", "the phone says how it speaks"


def test_a_refusal_is_put_into_words_when_it_is_read():
    refusal = DomainError("{name} is missing.", field="text", said={"name": "text"})
    assert str(refusal) == "text is missing."
    activate("zu")
    assert str(refusal) == "text ayikho."
    assert str(Conflict("Already {so}.")) == "Already {so}.", "a template without parameters is said as it is"


def test_a_program_gets_the_code_and_what_stands_in_the_sentence():
    client = Client(headers={"accept-language": "zu"})
    client.force_login(Person.objects.create_user(email="noma@example.org"))
    reply = client.patch("/api/v1/me", {"language": "xx"}, "application/json")
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["field"]) == (400, "invalid", "language")
    choices = ", ".join(settings.PHONE_LANGUAGES)
    assert error["said"] == {"name": "language", "choices": choices}
    assert error["message"] == f"language kumele kube okunye kwalokhu: {choices}."
