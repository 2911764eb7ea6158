"""Whatever phones, recorders and old programs write becomes a sound that is heard; what is odd about it is said."""

import io
import json
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from django.core.files.storage import default_storage

from intake.media import store
from intake.models import Media

pytestmark = pytest.mark.django_db
SECONDS = 2


def kept(content: bytes) -> Media:
    return store(1, io.BytesIO(content), "liar.jpg")


def heard(made: Media) -> np.ndarray:
    with default_storage.open(made.variants["opus"]["name"]) as file:
        return soundfile.read(io.BytesIO(file.read()))[0]


def peaks(made: Media) -> list[int]:
    with default_storage.open(made.variants["peaks"]["name"]) as file:
        return json.loads(file.read())["peaks"]


def tone(level: float = 0.3, rate_hz: int = 44_100) -> np.ndarray:
    return level * np.sin(2 * np.pi * 440 * np.arange(SECONDS * rate_hz) / rate_hz)


def recorded(
    folder: Path, container: str, codec: str, *channels: np.ndarray, rate_hz: int = 44_100, cover: bool = False
) -> bytes:
    path, layout = folder / "made", "mono" if len(channels) == 1 else "stereo"
    with av.open(str(path), "w", format=container) as target:
        stream = target.add_stream(codec, rate=rate_hz, layout=layout)
        if codec.startswith("wma"):
            stream.bit_rate = 128_000
        picture = _cover(target) if cover else None
        frame = av.AudioFrame.from_ndarray(np.stack(channels).astype(np.float32), format="fltp", layout=layout)
        frame.rate, frame.pts = rate_hz, 0
        resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=rate_hz)
        if picture:
            black = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            target.mux([*picture.encode(black), *picture.encode(None)])
        for part in [*resampler.resample(frame), None]:
            target.mux(stream.encode(part))
    return path.read_bytes()


def _cover(target):
    stream = target.add_stream("mjpeg", rate=1)
    stream.width = stream.height = 64
    stream.pix_fmt, stream.disposition = "yuvj420p", av.stream.Disposition.attached_pic
    return stream


CONTAINERS = {
    "AMR of an old phone": ("amr", "libopencore_amrnb", 8_000),
    "3GP with AMR": ("3gp", "libopencore_amrnb", 8_000),
    "3GP with AAC": ("3gp", "aac", 44_100),
    "WMA": ("asf", "wmav2", 44_100),
    "AAC without a container": ("adts", "aac", 44_100),
    "M4A": ("ipod", "aac", 44_100),
    "Apple Lossless": ("ipod", "alac", 44_100),
    "CAF": ("caf", "pcm_s16be", 44_100),
    "AU": ("au", "pcm_s16be", 44_100),
    "Wave64": ("w64", "pcm_s16le", 44_100),
    "WavPack": ("wv", "wavpack", 44_100),
    "True Audio": ("tta", "tta", 44_100),
    "Opus": ("ogg", "libopus", 48_000),
    "FLAC in Ogg": ("ogg", "flac", 44_100),
    "sound in Matroska": ("matroska", "flac", 44_100),
    "MP2": ("mp2", "mp2", 44_100),
    "24 bits": ("wav", "pcm_s24le", 96_000),
    "32 bits float": ("wav", "pcm_f32le", 44_100),
    "a telephone": ("wav", "pcm_alaw", 8_000),
    "ADPCM": ("wav", "adpcm_ima_wav", 44_100),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_heard_whole_whatever_its_name_says(name, tmp_path):
    container, codec, rate_hz = CONTAINERS[name]
    made = kept(recorded(tmp_path, container, codec, tone(rate_hz=rate_hz), rate_hz=rate_hz))
    assert (made.kind, made.notes) == ("audio", [])
    assert abs(made.duration_ms - SECONDS * 1000) < 60
    sound = heard(made)
    assert abs(len(sound) / 48_000 - SECONDS) < 0.06 or abs(len(sound) / 16_000 - SECONDS) < 0.06
    assert 0.2 < np.abs(sound).max() < 0.45
    assert min(peaks(made)[5:-10]) > 40  # the waveform shows the whole length


@pytest.mark.parametrize(("container", "codec"), [("mp3", "libmp3lame"), ("mp4", "aac")])
def test_the_cover_of_a_record_makes_no_film_of_it(container, codec, tmp_path):
    made = kept(recorded(tmp_path, container, codec, tone(), cover=True))
    assert made.kind == "audio"
    assert abs(made.duration_ms - SECONDS * 1000) < 60


def test_a_tag_of_mp3_before_another_sound_is_read_past(tmp_path):
    tag = b"ID3\x04\x00\x00" + bytes(3) + b"\x0a" + bytes(10)
    assert abs(kept(tag + recorded(tmp_path, "adts", "aac", tone())).duration_ms - SECONDS * 1000) < 60
    assert abs(kept(tag + recorded(tmp_path, "flac", "flac", tone())).duration_ms - SECONDS * 1000) < 60


@pytest.mark.parametrize("codec", ["pcm_s16le", "libmp3lame"])
def test_what_would_not_be_heard_is_made_to_be_heard_and_that_is_said(codec, tmp_path):
    container = "wav" if codec.startswith("pcm") else "mp3"
    noise = np.random.default_rng(1).normal(0, 0.2, SECONDS * 44_100)

    def sent(*channels) -> Media:
        return kept(recorded(tmp_path, container, codec, *channels))

    quiet = sent(tone(0.01), tone(0.01))
    assert "made louder by 34 dB" in quiet.notes[0]
    assert 0.4 < np.percentile(np.abs(heard(quiet)), 99) < 0.6
    against = sent(tone(), -tone())
    assert "cancel each other out" in against.notes[0]
    assert np.abs(heard(against)).max() > 0.2  # mixed, it was nothing
    assert "as in an interview" in sent(tone(), noise).notes[0]
    silent = sent(tone(0), tone(0))
    assert silent.notes == ["It is silent: nothing can be heard in it."]
    assert silent.duration_ms > 1900
    for channels in ((tone(), tone()), (tone(), tone(0)), (tone(0.06),)):
        assert sent(*channels).notes == []
