"""A sound is as long as what can be heard of it, whatever its container says; and what it said is told."""

import io
import json

import numpy as np
import pytest
import soundfile
from django.core.files.storage import default_storage

from intake.media import store
from tests.intake import lengths
from tests.intake.files import tone

pytestmark = pytest.mark.django_db


def kept(content: bytes):
    return store(1, io.BytesIO(content), "sound")


def heard(made) -> np.ndarray:
    samples, rate_hz = soundfile.read(io.BytesIO(default_storage.open(made.variants["opus"]["name"]).read()))
    assert len(samples) / rate_hz * 1000 == pytest.approx(made.duration_ms, abs=60)  # stored is what is said
    return samples


def opus(seconds: float) -> bytes:
    return tone(seconds, lengths.RATE_HZ, format="OGG", subtype="OPUS")


def vorbis(seconds: float) -> bytes:
    return tone(seconds, lengths.RATE_HZ, format="OGG", subtype="VORBIS")


def flac(seconds: float) -> bytes:
    return tone(seconds, lengths.RATE_HZ, format="FLAC")


WHOLE = {"mp3": lambda: lengths.mp3(6), "opus": lambda: opus(6), "vorbis": lambda: vorbis(6), "flac": lambda: flac(6)}


@pytest.mark.parametrize("name", WHOLE)
def test_a_sound_that_is_as_it_says_has_no_note(name):
    made = kept(WHOLE[name]())
    assert made.duration_ms == pytest.approx(6_000, abs=60)
    assert made.notes == []
    heard(made)


def test_an_mp3_without_its_xing_header_is_as_long_as_it_sounds():
    made = kept(lengths.without_xing(lengths.mp3(6)))
    assert made.duration_ms == pytest.approx(6_000, abs=100)
    assert made.notes == []  # it said nothing, so nothing it said was wrong
    samples = heard(made)
    quarter = len(samples) // 4
    assert np.abs(samples[quarter // 2 : quarter]).max() < 0.05 < np.abs(samples[-quarter:]).mean()


@pytest.mark.parametrize(("frames", "said"), [(60, "1.6 s"), (5_000, "2:10.6 min")])
def test_an_mp3_with_a_wrong_xing_header_is_as_long_as_it_sounds_and_says_so(frames, said):
    made = kept(lengths.with_xing_of(lengths.mp3(6), frames))
    assert made.duration_ms == pytest.approx(6_000, abs=100)
    (note,) = made.notes
    assert f"says it lasts {said}, but 6.0 s could be played" in note
    heard(made)


@pytest.mark.parametrize(
    ("content", "noted"),
    [
        (lambda: lengths.mp3(4) + lengths.mp3(2), True),
        (lambda: lengths.mp3(4) + lengths.mp3(2, rate_hz=22_050), True),
        (lambda: flac(4) + flac(2), True),
        (lambda: opus(4) + opus(2), False),  # Ogg says no length: nothing to set right
        (lambda: vorbis(4) + vorbis(2), False),
    ],
    ids=["mp3", "mp3 of two rates", "flac", "opus", "vorbis"],
)
def test_files_joined_into_one_are_taken_whole(content, noted):
    made = kept(content())
    assert made.duration_ms == pytest.approx(6_000, abs=200)
    assert ["files were joined" in note for note in made.notes] == [True] * noted
    heard(made)


@pytest.mark.parametrize("name", WHOLE)
def test_a_sound_that_is_cut_off_keeps_what_is_there_and_says_so(name):
    made = kept(lengths.cut(WHOLE[name](), 0.7))
    assert 1_000 < made.duration_ms < 5_800
    assert any("cut off" in note or "breaks off" in note for note in made.notes)
    heard(made)


def test_a_wav_that_is_cut_off_says_so():
    made = kept(lengths.cut(tone(4, 16_000, channels=1)))
    assert made.duration_ms == pytest.approx(2_000, abs=10)
    assert "cut off" in made.notes[0]
    assert kept(tone(3, 16_000, channels=1)).notes == []


@pytest.mark.parametrize(("container", "codec"), [("ipod", "aac"), ("webm", "libopus")])
def test_sound_in_mp4_and_webm_is_as_long_as_it_sounds(container, codec, tmp_path):
    whole = lengths.encoded(tmp_path, container, codec, 6)
    made, less = kept(whole), kept(lengths.cut(whole))
    assert (made.kind, made.notes) == ("audio", [])
    assert made.duration_ms == pytest.approx(6_000, abs=100)
    assert 1_500 < less.duration_ms < 5_000
    assert "it is cut off" in less.notes[0]
    heard(less)


def test_a_clip_that_is_cut_off_is_as_long_as_its_pictures(tmp_path):
    whole = lengths.encoded(tmp_path, "mp4", "libx264", 6)
    made, less = kept(whole), kept(lengths.cut(whole))
    assert (made.kind, made.duration_ms, made.notes) == ("video", 6_000, [])
    assert 1_500 < less.duration_ms < 5_000
    assert "it is cut off" in less.notes[0]


def test_damage_in_the_middle_costs_itself():
    content = bytearray(flac(6))
    middle = len(content) // 4 * 3
    content[middle : middle + 40] = bytes(40)
    made = kept(bytes(content))
    assert made.duration_ms == pytest.approx(6_000, abs=300)
    assert json.loads(default_storage.open(made.variants["peaks"]["name"]).read())["duration_ms"] == made.duration_ms
