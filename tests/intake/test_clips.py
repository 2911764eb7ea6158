"""A clip as phones get it: two sizes with their sound, every frame at its own time, a film strip, peaks. Or one sentence why not."""

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from intake import limits
from intake.errors import Unsafe
from intake.sandbox import sandbox
from tests.servers import SHARED

SIZE = (320, 180)


def clip(
    path: Path, times_ms: list[int], *, sound_ms: int = 0, late_ms: int = 0, size=SIZE, container: str = "mp4"
) -> Path:
    """Frame n is grey of brightness n; a tone that begins late. Times are any, as phones record them."""
    with av.open(str(path), "w", format=container) as made:
        picture = made.add_stream("libx264", rate=30, options={"preset": "ultrafast", "bf": "0"})
        picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
        picture.codec_context.time_base = Fraction(1, 1000)
        sound = made.add_stream("aac", rate=16_000) if sound_ms else None
        if sound:
            sound.codec_context.layout = "mono"
            tone = 0.5 * np.sin(np.arange(16 * sound_ms) / 16_000 * 2 * np.pi * 440)
            tone[: len(tone) // 2] = 0
            for at in range(0, len(tone), 1024):
                block = av.AudioFrame.from_ndarray(
                    tone[None, at : at + 1024].astype(np.float32), format="fltp", layout="mono"
                )
                block.sample_rate, block.pts, block.time_base = 16_000, at + 16 * late_ms, Fraction(1, 16_000)
                made.mux(sound.encode(block))
            made.mux(sound.encode())
        for number, at_ms in enumerate(times_ms):
            frame = av.VideoFrame.from_image(Image.new("RGB", size, (number * 2 % 256,) * 3))
            frame.pts, frame.time_base = at_ms, Fraction(1, 1000)
            made.mux(picture.encode(frame))
        made.mux(picture.encode())
    return path


def made_of(path: Path, out: Path, decoder: str = "mov") -> dict:
    out.mkdir(exist_ok=True)
    return sandbox.decode(path, "video", decoder, out)


def times(path: Path) -> list[int]:
    with av.open(str(path)) as opened:
        return [round(frame.pts * frame.time_base * 1000) for frame in opened.decode(video=0)]


STEADY = list(range(0, 4_000, 40))
UNEVEN = [0, 33, 67, 100, 400, 433, 1_900, 1_901, 2_500]


@pytest.mark.parametrize("at", [STEADY, UNEVEN], ids=["steady", "uneven"])
def test_every_frame_keeps_its_number_and_its_time_in_both_sizes(at, tmp_path):
    made = made_of(clip(tmp_path / "a.mp4", at), tmp_path / "out")
    assert (made["kind"], made["width_px"], made["height_px"]) == ("video", *SIZE)
    for name in ("video", "240"):
        one = made["variants"][name]
        assert times(tmp_path / "out" / one["file"]) == at == times(tmp_path / "a.mp4")
        assert one["frames"] == len(at)
    with av.open(str(tmp_path / "out" / made["variants"]["240"]["file"])) as small:
        shown = [frame.to_ndarray(format="gray").mean() for frame in small.decode(video=0)]
    assert shown == pytest.approx([n * 2 % 256 for n in range(len(at))], abs=6), "frame n is still frame n"


def test_a_large_clip_is_small_on_the_phone_and_plays_everywhere(tmp_path):
    made = made_of(clip(tmp_path / "a.mp4", STEADY, sound_ms=4_000, size=(1280, 720)), tmp_path / "out")
    sizes = {name: (made["variants"][name]["width"], made["variants"][name]["height"]) for name in ("video", "240")}
    assert sizes == {"video": (640, 360), "240": (426, 240)}
    for one in ("video", "240"):
        with av.open(str(tmp_path / "out" / made["variants"][one]["file"])) as opened:
            assert [stream.codec_context.name for stream in opened.streams] == ["aac", "h264"] or [
                stream.codec_context.name for stream in opened.streams
            ] == ["h264", "aac"]
            assert opened.streams.video[0].codec_context.profile in ("Baseline", "Constrained Baseline")
            assert opened.duration / 1000 == pytest.approx(4_000, abs=100)
    assert made["variants"]["240"]["bytes"] < 200_000


def test_its_sound_is_in_time_and_has_peaks_and_stretches(tmp_path):
    for late_ms in (0, 500):
        path = clip(tmp_path / "a.mp4", STEADY, sound_ms=3_000, late_ms=late_ms)
        made = made_of(path, tmp_path / f"out{late_ms}")
        heard = json.loads((tmp_path / f"out{late_ms}" / made["variants"]["peaks"]["file"]).read_text())
        assert heard["duration_ms"] == made["duration_ms"] == pytest.approx(4_000, abs=10)
        assert len(heard["peaks"]) == pytest.approx(200, abs=2), "as long as the pictures"
        [(start, end)] = heard["activity"]
        assert (start, end) == (pytest.approx(1_500 + late_ms, abs=80), pytest.approx(3_000 + late_ms, abs=120))


def test_a_film_strip_shows_each_second(tmp_path):
    made = made_of(clip(tmp_path / "a.mp4", STEADY), tmp_path / "out")
    drawn = json.loads((tmp_path / "out" / made["variants"]["peaks"]["file"]).read_text())
    assert drawn["strip"] == {"step_ms": 1_000, "width": 85, "height": 48, "count": 4}
    assert (drawn["peaks"], drawn["activity"]) == ([], [])
    with Image.open(tmp_path / "out" / made["variants"]["strip"]["file"]) as strip:
        assert strip.size == (340, 48)
        grey = [strip.convert("L").getpixel((85 * k + 40, 24)) for k in range(4)]
    assert grey == pytest.approx([0, 50, 100, 150], abs=8)


def test_a_long_clip_has_a_strip_of_bounded_width(tmp_path):
    made = made_of(clip(tmp_path / "a.mp4", list(range(0, 300_000, 500)), size=(64, 48)), tmp_path / "out")
    strip = json.loads((tmp_path / "out" / made["variants"]["peaks"]["file"]).read_text())["strip"]
    assert strip["step_ms"] == 4_000
    assert strip["count"] == 75


# --- what is refused --------------------------------------------------------------------------------------------------
def test_what_is_no_clip_or_too_much_is_refused_in_one_sentence(tmp_path):
    whole = clip(tmp_path / "a.mp4", STEADY).read_bytes()
    wide = clip(tmp_path / "w.mp4", [0, 40], size=(4096, 2304)).read_bytes()
    long = clip(tmp_path / "l.mp4", [0, limits.VIDEO_MS + 1_000]).read_bytes()
    for content, sentence in (
        (whole[:300], "cannot be read|could not be opened|neither a picture"),
        (wide, "at most 9,000,000 are taken"),
        (long, "longer than 10 minutes"),
        (b"\0\0\0\x20ftypisom" + bytes(2_000), "cannot be read|could not be opened"),
    ):
        path = tmp_path / "x.mp4"
        path.write_bytes(content)
        with pytest.raises(Unsafe, match=sentence) as refused:
            made_of(path, tmp_path / "refused")
        assert str(refused.value.message).count(".") == 1


def test_a_sound_that_cannot_be_read_costs_no_clip(tmp_path):
    content = bytearray(clip(tmp_path / "a.mp4", STEADY, sound_ms=4_000).read_bytes())
    at = content.index(b"mp4a", content.index(b"stsd"))
    content[at : at + 4] = b"xxxx"
    at = content.index(b"esds", at)  # and what it is decoded by
    content[at : at + 4] = b"xxxx"
    (tmp_path / "b.mp4").write_bytes(content)
    made = made_of(tmp_path / "b.mp4", tmp_path / "out")
    assert made["variants"]["240"]["frames"] == len(STEADY)
    assert json.loads((tmp_path / "out" / made["variants"]["peaks"]["file"]).read_text())["peaks"] == []


CLIPS = SHARED / "data" / "media" / "video"


@pytest.mark.skipif(not CLIPS.exists(), reason="the shared clips (../shared/data/media) are absent")
@pytest.mark.parametrize("name", ["cars-overhead-mot/car-detection.mp4", "mouse-openfield-keypoints/mouse.mp4"])
def test_real_clips_keep_every_frame_and_little_memory(name, tmp_path):
    sandbox.peak_rss_kb = 0
    made = made_of(CLIPS / name, tmp_path / "out")
    first, *_ = given = times(CLIPS / name)
    assert times(tmp_path / "out" / made["variants"]["240"]["file"]) == [at - first for at in given]
    assert sandbox.peak_rss_kb < 220_000
    assert made["variants"]["240"]["bytes"] + made["variants"]["strip"]["bytes"] < 250_000
