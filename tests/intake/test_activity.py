"""Where something is heard in a sound: proposals that come with its peaks."""

import json

import numpy as np
import pytest
import soundfile
from django.core.files.storage import default_storage

from intake.decoders.activity import Activity, stretches_of
from tests.intake import files
from tests.intake.test_media import kept
from tests.servers import SHARED

LEVEL = 0.2


def levels(*parts: tuple[float, int]) -> np.ndarray:
    """(level, milliseconds) one after the other, as frames of 10 ms."""
    return np.concatenate([np.full(ms // 10, level) for level, ms in parts])


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([(0, 500), (LEVEL, 1000), (0, 500)], [(500, 1500)]),
        ([(0, 500), (LEVEL, 400), (0, 200), (LEVEL, 400), (0, 500)], [(500, 1500)]),  # a pause of speaking itself
        ([(0, 500), (LEVEL, 400), (0, 300), (LEVEL, 400), (0, 400)], [(500, 900), (1200, 1600)]),
        ([(0, 500), (LEVEL, 60), (0, 500)], []),  # a click
        ([(0.01, 1000), (LEVEL, 500), (0.01, 1000)], [(1000, 1500)]),  # over noise
        (
            [(0, 900), (0.002, 200), (LEVEL, 300), (0.002, 200), (0, 900)],
            [(900, 1600)],
        ),  # its soft beginning belongs to it
        ([(0, 1000)], []),
        ([(LEVEL, 2000)], []),  # the same all the time: nothing stands out
        ([], []),
    ],
)
def test_stretches_begin_at_the_lower_level_and_reach_the_upper_one(parts, found):
    frames = levels(*parts) if parts else np.zeros(0)
    assert stretches_of(frames, len(frames) * 10) == found


def test_blocks_of_any_length_say_the_same():
    samples = np.repeat(levels((0, 700), (LEVEL, 800), (0, 500)), 160).astype(np.float32)
    said = []
    for cut in (len(samples), 1_000, 77):
        activity = Activity(16_000)
        for start in range(0, len(samples), cut):
            activity.add(samples[start : start + cut])
        said.append(activity.stretches(2_000))
    assert said == [[(700, 1500)]] * 3


@pytest.mark.django_db
def test_they_come_with_the_peaks_of_a_sound():
    made = kept(files.tone(4.0))
    heard = json.loads(default_storage.open(made.variants["peaks"]["name"]).read())["activity"]
    assert [pytest.approx([2_000, 4_000], abs=30)] == heard


DIGITS = SHARED / "data" / "media" / "audio" / "ljspeech-transcripts"


@pytest.mark.skipif(not DIGITS.exists(), reason="the shared sounds (../shared/data/media) are absent")
def test_a_sentence_that_was_read_is_heard_nearly_all_through():
    samples, rate_hz = soundfile.read(DIGITS / "LJ001-0002.flac", dtype="float32")
    activity = Activity(rate_hz)
    activity.add(samples)
    duration_ms = round(len(samples) * 1000 / rate_hz)
    assert sum(end - start for start, end in activity.stretches(duration_ms)) > 0.8 * duration_ms
