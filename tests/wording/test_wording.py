"""Translations: each sentence is drafted until a speaker confirms or mends it, and her words are said without a new build."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import translation

from kernel.errors import Conflict, DomainError, Forbidden, NotFound
from kernel.say import say
from people.models import AuditEntry, Person
from wording import po, words
from wording import sentences as code
from wording.actions.confirm_wordings import confirm_wordings
from wording.actions.name_speaker import name_speaker
from wording.bring_home import zip_of
from wording.checks import check
from wording.models import Speaker, Wording
from wording.progress import find, lines_of, progress_of
from wording.shown import where

pytestmark = pytest.mark.django_db
LANGUAGE = "sw"
NO_NETWORK, HISTORY = "error.no_network", "history.on_phone"
MOST = "A body of at most {most} MB is taken, files apart: send it in parts."


@pytest.fixture
def speaker():
    person = Person.objects.create_user(email="speaker@example.org")
    Speaker.objects.create(person=person, language=LANGUAGE)
    return person


@pytest.fixture(autouse=True)
def _as_shipped():
    yield
    words.forget()


def sentence(key: str, language: str = LANGUAGE) -> code.Sentence:
    return next(one for one in code.sentences(language).values() if one.key == key)


def test_every_sentence_of_every_language_is_in_the_list_once():
    sizes = {
        language: sum(not one.file.startswith("platform/console") for one in code.sentences(language).values())
        for language in code.languages()
    }
    assert len(set(sizes.values())) == 1, sizes
    files = [*Path(settings.PHONE_LOCALES, "en").glob("*.json")]
    files += Path(settings.ROOT, "labelling/task_types").glob("*/phone/en.json")
    on_phone = sum(len(json.loads(file.read_text())) for file in files)
    by_server = code.catalogue_of(LANGUAGE).read_text().count("\nmsgid ") - 1
    assert sizes[LANGUAGE] == on_phone + by_server


def test_the_pages_of_the_console_are_among_them_in_the_language_that_they_are_read_in():
    pages = [one for one in code.sentences("zu").values() if one.file.startswith("platform/console")]
    assert len(pages) > 500
    assert "Report it" in {one.english for one in pages}
    assert not [one for one in code.sentences(LANGUAGE).values() if one.file.startswith("platform/console")]


@pytest.mark.parametrize("language", code.languages())
def test_what_comes_with_the_code_would_be_taken_from_a_speaker(language):
    for one in code.sentences(language).values():
        assert check(one.english, one.shipped, one.shipped, one.source == code.PHONE) == one.shipped.strip()


PLURAL = "{n, plural, one {# task} other {# tasks from {who}}}"


@pytest.mark.parametrize(
    ("english", "text", "on_phone", "said"),
    [
        ("Hello", "", True, "1 to 2000"),
        ("Hello", "a\x00b", True, "1 to 2000"),
        ("Hello", "Ha\nbari", True, "one line"),
        ("Hello", "<b>Habari</b>", False, "angle brackets"),
        ("Hello {name}", "Habari", True, "{name}"),
        ("Hello {name}", "Habari {jina}", True, "{name}"),
        ("Hello {name}", "Habari {name", True, "braces"),
        ("Hello", "Habari }", True, "braces"),
        ("At most {most}", "{most:999999999}", False, "{most}"),
        ("At most {most}", "{most.__class__}", False, "{most}"),
        ("At most {most}", "{most", False, "braces"),
        ("Your code: %(code)s", "Msimbo: %(code)d", False, "%(code)s"),
        ("Your code: %(code)s", "Msimbo: %(code)s 100%", False, "%(code)s"),
        (PLURAL, "{n, plural, other {# kazi {who}}}", True, "one"),
        (PLURAL, "{n, plural, one {# kazi} {who}}", True, "braces"),
    ],
)
def test_words_that_would_break_the_sentence_are_refused_in_one_that_says_why(english, text, on_phone, said):
    with pytest.raises(DomainError) as refused:
        check(english, english, text, on_phone)
    assert said in str(refused.value)
    assert refused.value.field == "text"


def test_a_speaker_confirms_and_mends_and_each_is_said_and_written_down(speaker):
    right, mended = sentence(NO_NETWORK), sentence(MOST)
    confirm_wordings(speaker, LANGUAGE, [(right.id, right.shipped), (mended.id, "Si zaidi ya MB {most}.")])
    states = {line.sentence.id: line.state for line in lines_of(LANGUAGE)}
    assert (states[right.id], states[mended.id]) == ("confirmed", "mended")
    [progress] = progress_of([LANGUAGE])
    assert (progress.confirmed, progress.mended) == (2, 1)
    verbs = AuditEntry.objects.filter(actor=speaker).order_by("pk").values_list("action", flat=True)
    assert list(verbs) == ["wording.confirm", "wording.mend"]
    with translation.override(LANGUAGE):
        assert say(MOST, most=3) != "Si zaidi ya MB 3."  # before this process has looked
        words.look()
        assert say(MOST, most=3) == "Si zaidi ya MB 3."
        confirm_wordings(speaker, LANGUAGE, [(mended.id, "MB {most} tu.")])
        words.look()
        assert say(MOST, most=3) == "MB 3 tu."
    with translation.override("xh"):
        assert "MB 3 tu." not in say(MOST, most=3)


def test_a_sentence_whose_english_changed_is_another_that_nobody_confirmed(speaker, monkeypatch):
    one = sentence(MOST)
    confirm_wordings(speaker, LANGUAGE, [(one.id, "MB {most} tu.")])
    newer = code.Sentence(code.digest(code.SERVER, "New", "New"), code.SERVER, "New", "New", "Mpya", one.file)
    after_upgrade = {newer.id: newer}
    monkeypatch.setitem(confirm_wordings.__wrapped__.__globals__, "sentences", lambda language: after_upgrade)
    monkeypatch.setattr("wording.progress.sentences", lambda language: after_upgrade)
    assert [line.state for line in lines_of(LANGUAGE)] == ["open"]
    with pytest.raises(Conflict, match="look again"):
        confirm_wordings(speaker, LANGUAGE, [(one.id, "MB {most} tu.")])


def test_who_does_not_speak_it_finds_nothing(speaker):
    one = sentence(NO_NETWORK)
    for actor, language in [
        (speaker, "xh"),
        (speaker, "en"),
        (Person.objects.create_user(email="x@example.org"), "sw"),
    ]:
        with pytest.raises(NotFound):
            confirm_wordings(actor, language, [(one.id, one.shipped)])
    with pytest.raises(Forbidden):
        name_speaker(speaker, LANGUAGE, "x@example.org")
    assert not Wording.objects.exists()


def test_the_words_come_home_in_the_files_of_the_code(speaker):
    untouched = {
        name: Path(settings.ROOT, name).read_text() for name in {one.file for one in code.sentences("sw").values()}
    }
    assert all(po.rewritten(text, {}) == text for name, text in untouched.items() if name.endswith(".po"))
    phone, server, right = sentence(NO_NETWORK), sentence(MOST), sentence(HISTORY)
    said = {phone.id: "Hakuna mtandao sasa.", server.id: 'MB {most} "tu".', right.id: right.shipped}
    confirm_wordings(speaker, LANGUAGE, list(said.items()))
    archive = zipfile.ZipFile(io.BytesIO(zip_of(LANGUAGE)))
    files = {name: archive.read(name).decode() for name in archive.namelist()}
    confirmed = json.loads(files.pop("platform/kernel/locale/sw/confirmed.json"))
    assert confirmed == {one: code.digest(text) for one, text in said.items()}
    assert set(files) == {phone.file, server.file}
    assert json.loads(files[phone.file]) == json.loads(untouched[phone.file]) | {NO_NETWORK: "Hakuna mtandao sasa."}
    assert po.read(files[server.file]) == po.read(untouched[server.file]) | {
        po.Key(MOST): po.Said(MOST, 'MB {most} "tu".')
    }


ONE, MANY = "%(n)s remark", "%(n)s remarks"


def test_each_plural_form_of_a_page_is_read_mended_said_and_brought_home(speaker):
    Speaker.objects.create(person=speaker, language="zu")
    forms = {one.english: one for one in code.sentences("zu").values() if one.key == ONE}
    assert {english: one.form for english, one in forms.items()} == {ONE: 0, MANY: 1}
    one, many = forms[ONE], forms[MANY]
    with pytest.raises(DomainError, match="Keep the names"):
        confirm_wordings(speaker, "zu", [(many.id, "amanothi")])
    confirm_wordings(speaker, "zu", [(one.id, one.shipped), (many.id, "%(n)s amanothi")])
    words.look()
    with translation.override("zu"):
        assert [translation.ngettext(ONE, MANY, n) for n in (1, 5)] == [one.shipped, "%(n)s amanothi"]
    [name] = [name for name in zipfile.ZipFile(io.BytesIO(zip_of("zu"))).namelist() if name.endswith(".po")]
    before = po.read(Path(settings.ROOT, name).read_text())
    after = po.read(zipfile.ZipFile(io.BytesIO(zip_of("zu"))).read(name).decode())
    assert after == before | {po.Key(ONE, 1): po.Said(MANY, "%(n)s amanothi")}


def test_what_came_home_is_confirmed_until_its_words_change(monkeypatch):
    one = sentence(NO_NETWORK)
    monkeypatch.setattr(code, "confirmed_in_code", lambda language: {one.id: code.digest(one.shipped)})
    assert [line.sentence.id for line in find(lines_of(LANGUAGE), "confirmed")] == [one.id]
    monkeypatch.setattr(code, "confirmed_in_code", lambda language: {one.id: code.digest("Other words.")})
    assert find(lines_of(LANGUAGE), "confirmed") == []


def test_the_phone_is_sent_what_was_mended_and_which_languages_are_confirmed(client, speaker):
    address = reverse("api-language-words", args=[LANGUAGE])
    assert client.get(address).json()["confirmed"] == ["en"]
    one = sentence(NO_NETWORK)
    every = [
        Wording(
            language=LANGUAGE, sentence=s.id, english=s.english, text=s.shipped, by=speaker, said_at="2026-11-30T12:00Z"
        )
        for s in code.sentences(LANGUAGE).values()
        if s.id != one.id
    ]
    Wording.objects.bulk_create(every)
    words.look()
    assert client.get(address).json()["confirmed"] == ["en"]
    confirm_wordings(speaker, LANGUAGE, [(one.id, "Hakuna mtandao sasa.")])
    words.look()
    answer = client.get(address)
    assert answer.json() == {"confirmed": ["en", LANGUAGE], "mended": {NO_NETWORK: "Hakuna mtandao sasa."}}
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(reverse("api-language-words", args=["en"])).json()["mended"] == {}
    assert client.get(reverse("api-language-words", args=["tlh"])).status_code == 404


def test_the_page_confirms_what_is_ticked_and_what_was_changed(client, speaker, django_assert_max_num_queries):
    client.force_login(speaker)
    address = reverse("console:language_strings", args=[LANGUAGE])
    client.get(address)
    with django_assert_max_num_queries(4):
        page = client.get(address)
    first, second, third = [row["line"] for row in page.context["rows"]][:3]
    assert first.sentence.english in page.content.decode()
    sent = {f"text-{line.sentence.id}": line.text for line in (first, second, third)}
    sent |= {f"right-{first.sentence.id}": "on", f"text-{second.sentence.id}": "Maneno mapya"}
    assert client.post(address, sent).status_code == 302
    assert dict(Wording.objects.values_list("sentence", "text")) == {
        first.sentence.id: first.text,
        second.sentence.id: "Maneno mapya",
    }
    shown = [row["line"].sentence.id for row in client.get(address).context["rows"]]
    assert shown[0] == third.sentence.id


def test_a_page_that_is_refused_keeps_what_was_typed_and_saves_nothing(client, speaker):
    client.force_login(speaker)
    one, other = sentence(HISTORY), sentence(NO_NETWORK)
    address = f"{reverse('console:language_strings', args=[LANGUAGE])}?q={HISTORY}&show=all"
    page = client.post(address, {f"text-{one.id}": "Bila idadi", f"text-{other.id}": "Mpya"})
    text = page.content.decode()
    assert page.status_code == 400
    assert "Bila idadi" in text
    assert 'aria-invalid="true"' in text
    assert not Wording.objects.exists()


def test_pages_go_on_where_the_one_before_ended(client, speaker):
    client.force_login(speaker)
    address = f"{reverse('console:language_strings', args=[LANGUAGE])}?show=all&q=payout"
    seen, more = [], ""
    while more is not None:
        page = client.get(f"{address}&before={more}").context["page"]
        seen += [line.sentence.id for line in page]
        more = page.older
    assert seen == [line.sentence.id for line in find(lines_of(LANGUAGE), words="payout")]
    assert len(seen) > 20


def test_an_admin_names_a_speaker_who_is_told(
    client, admin_user, django_capture_on_commit_callbacks, django_assert_max_num_queries
):
    person = Person.objects.create_user(email="new@example.org")
    client.force_login(admin_user)
    address = reverse("console:languages")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"language": LANGUAGE, "address": "new@example.org"})
    assert list(Speaker.objects.values_list("person", "language")) == [(person.pk, LANGUAGE)]
    assert "/console/languages/sw/" in mail.outbox[0].body
    client.get(address)  # what was done is said, once
    with django_assert_max_num_queries(4):
        assert "new@example.org" in client.get(address).content.decode()
    client.post(address, {"language": LANGUAGE, "address": "new@example.org", "act": "dismiss"})
    assert not Speaker.objects.exists()
    client.post(address, {"language": LANGUAGE, "address": "nobody@example.org"})
    assert not Speaker.objects.exists()


def test_programs_read_and_confirm_the_same(client, speaker, django_assert_max_num_queries):
    client.force_login(speaker)
    address = reverse("api-language-sentences", args=[LANGUAGE])
    with django_assert_max_num_queries(4):
        page = client.get(address, {"page_size": 2, "q": "error."}).json()
    assert [one["state"] for one in page["results"]] == ["open", "open"]
    assert "cursor=2" in page["next"]
    said = {"sentences": [{"id": one["id"], "text": one["text"]} for one in page["results"]]}
    told = client.post(address, said, content_type="application/json").json()
    assert (told["confirmed"], told["mended"]) == (2, 0)
    bad = {"sentences": [{"id": page["results"][0]["id"], "text": ""}]}
    refused = client.post(address, bad, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, f"sentences.{page['results'][0]['id']}")


def test_where_a_sentence_is_read_is_found_in_the_code():
    named = [where(one) for one in code.sentences(LANGUAGE).values() if one.source == code.PHONE]
    assert where(sentence("welcome.lead")) == "SignIn, Welcome"
    assert "confirm wordings" in where(
        sentence("This sentence is not there any more, or its English has changed: look again.")
    )
    assert all(named)
