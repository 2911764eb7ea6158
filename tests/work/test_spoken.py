"""Instructions that are heard: recorded by who asks, or spoken by the server; played only while they say what stands there."""

import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from delivery import outbox
from intake.models import Media
from kernel.errors import Conflict
from labelling.models import Spoken
from labelling.projects import quota, speaking
from labelling.projects.edit_project import edit_project
from labelling.projects.speak_instructions import speak_instructions
from labelling.projects.spoken import remove_recording
from tests.intake.files import quadrants, saved, tone
from tests.worlds import make_worker, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db
ESPEAK = shutil.which("espeak-ng") or ""
TEXT = {
    "en": "## What to do\n\nSay whether the text is **good**.\n\n- good\n- [bad](https://example.org/bad)",
    "zu": "Yisho.",
}


@pytest.fixture
def world():
    world = opened(sentiment_world(items=2, workers=1))
    edit_project(world.requester, world.project, instructions=TEXT)
    return world


def send(world, language: str, content: bytes, person=None, name="said.wav"):
    client = sign_in(Client(), person or world.requester)
    file = SimpleUploadedFile(name, content, content_type="audio/wav")
    return client.post(f"/api/v1/projects/{world.project.pk}/sounds/{language}", {"file": file})


def offer(world) -> dict:
    return sign_in(Client(), world.workers[0].person).get(f"/api/v1/work/batches/{world.batch.pk}").json()


def test_a_recording_is_heard_beside_the_text_until_the_text_is_another(world, settings):
    settings.MEDIA_ORIGIN = "http://testserver"
    assert offer(world)["spoken"] is None
    sent = send(world, "en", tone(2))
    assert sent.status_code == 201, sent.json()
    heard = offer(world)["spoken"]
    assert (heard["language"], heard["recorded"], heard["duration_ms"]) == ("en", True, 2000)
    assert 0 < heard["bytes"] < len(tone(2)), "made safe, and small for a phone"
    assert Client().get(heard["url"]).status_code == 200
    english, zulu = sent.json()["languages"]
    assert (english["is_current"], zulu["sound"], zulu["has_voice"]) == (True, None, False)
    edit_project(world.requester, world.project, instructions=TEXT | {"en": "Say whether it is bad."})
    assert offer(world)["spoken"] is None, "it would say what stands there no more"
    path = f"/api/v1/projects/{world.project.pk}/sounds"
    assert sign_in(Client(), world.requester).get(path).json()["languages"][0]["is_current"] is False


def test_another_recording_takes_its_place_and_one_can_be_taken_away(world, django_capture_on_commit_callbacks):
    send(world, "en", tone(1))
    with django_capture_on_commit_callbacks(execute=True):
        send(world, "en", tone(2))
    assert (Spoken.objects.count(), Media.objects.count()) == (1, 1), "the file of the first is gone, too"
    client, path = sign_in(Client(), world.requester), f"/api/v1/projects/{world.project.pk}/sounds/en"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(path).status_code == 204
    assert (Spoken.objects.count(), Media.objects.count()) == (0, 0)
    assert client.delete(path).status_code == 404


def test_recordings_count_in_what_her_organisation_may_send_until_they_are_taken_away(world, monkeypatch):
    one = len(tone(2))
    monkeypatch.setattr(quota, "PAID", quota.Quota(uploads=5, size_bytes=2 * one - 1))
    assert send(world, "en", tone(2)).status_code == 201
    assert send(world, "en", tone(2) + b"\0").status_code == 201, "in place of the first"
    refused = send(world, "zu", tone(2))
    assert (refused.status_code, refused.json()["error"]["code"], refused.json()["error"]["field"]) == (
        409,
        "quota",
        "file",
    )
    with pytest.raises(Conflict, match="recordings of instructions take 0 MB") as told:
        quota.check_quota(world.organisation.pk, 1, one)
    assert (told.value.code, told.value.field) == ("quota", "files")
    remove_recording(world.requester, world.project, "en")
    quota.check_quota(world.organisation.pk, 1, one)
    assert send(world, "zu", tone(2)).status_code == 201


def test_what_is_no_sound_or_of_no_text_is_refused(world):
    assert send(world, "fr", tone(1)).json()["error"]["field"] == "language"
    picture = send(world, "en", saved(quadrants(), "PNG"), name="said.wav")
    assert (picture.status_code, picture.json()["error"]["field"]) == (400, "file")
    assert send(world, "en", b"hello").status_code == 400
    assert not Spoken.objects.exists()
    assert send(world, "en", tone(1), make_worker("stranger").person).status_code == 404


def test_the_console_takes_a_recording_and_says_where_no_voice_is(world):
    client, path = sign_in(Client(), world.requester), f"/console/projects/{world.project.pk}/sounds/"
    assert "has no voice for this language" in client.get(path).content.decode()
    sound = SimpleUploadedFile("said.wav", tone(1), content_type="audio/wav")
    assert client.post(f"{path}en/", {"file": sound}).status_code == 302
    assert "Recorded by you." in client.get(path).content.decode()
    assert client.post(f"{path}en/", {"act": "remove"}).status_code == 302
    assert not Spoken.objects.exists()


def test_of_markdown_the_words_are_spoken_and_not_the_marks():
    assert speaking.spoken_words(TEXT["en"]) == "What to do.\nSay whether the text is good.\ngood.\nbad."


@pytest.mark.skipif(not ESPEAK, reason="needs espeak-ng")
def test_the_server_speaks_what_nobody_recorded_in_languages_that_it_has(world, settings, monkeypatch, tmp_path):
    settings.ESPEAK_NG = ESPEAK
    monkeypatch.setenv("HOME", str(tmp_path))
    assert (speaking.voice_of("fr"), speaking.voice_of("zh-Hant"), speaking.voice_of("zu")) == ("fr-fr", "cmn", None)
    assert speak_instructions(world.project) == ["en"]
    assert speak_instructions(world.project) == [], "it stands already"
    heard = offer(world)["spoken"]
    assert (heard["language"], heard["recorded"]) == ("en", False)
    assert 1000 < heard["duration_ms"] < 20_000
    send(world, "en", tone(2))
    edit_project(world.requester, world.project, instructions=TEXT | {"en": "Say it.", "sw": "Sema."})
    assert speak_instructions(world.project) == ["sw"], "a person's recording stays, also of words that changed"
    assert not list(tmp_path.iterdir()), "it looks for a sound card, and keeps what it learned at home"


def test_a_batch_that_opens_and_words_that_change_have_it_spoken(world, settings, monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr("labelling.tasks.speak_instructions.delay", asked.append)
    settings.ESPEAK_NG = "espeak-ng"
    while outbox.drain():
        continue
    assert asked
    assert set(asked) == {world.project.pk}
