"""A clip to H.264 and AAC in MP4 that every phone plays, large and small, with its film strip, its poster and the peaks of its sound.

Runs in the child of intake.zygote only. The demuxer is fixed by the file's first bytes and reads from the file object alone, so that a
playlist or a script inside cannot name other files or addresses. Frames keep their own times: frame n of the original is frame n of the
variants. A file with sound only comes out as a sound. Baseline profile and AAC are what the oldest phones decode in hardware (Android's
list of supported media formats).
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from intake import limits
from intake.decoders import clip_sound, compressed, image
from intake.decoders.film_strip import Strip
from intake.errors import Unsafe

DEMUXERS = ("mov", "matroska", "asf", "avi")
SIDE_PX, SMALL_PX = 640, 426  # the longer side; 426 is 240p
CRF = {SIDE_PX: "28", SMALL_PX: "30"}
SEEK_FRAMES = 48  # from one key frame to the next: going to a moment decodes two seconds at most
MS = Fraction(1, 1000)
_TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}


class Reading:
    damaged = 0  # packets that could not be decoded


def decode(path: Path, decoder: str, out: Path) -> dict:
    with path.open("rb") as file, av.open(file, "r", format=decoder) as clip:
        if pictures := _pictures(clip):
            _check(pictures[0].width, pictures[0].height, clip.duration)
            sound, notes = clip_sound.of(path, decoder, out, pictures[0]) if clip.streams.audio else (None, [])
            made = _video(clip, out, sound)
            return made | {"notes": [*made["notes"], *notes]}
        if clip.streams.audio:
            return compressed.sound_of(clip, path, decoder, out)
    raise Unsafe("file", "There is neither a picture nor a sound in the file.")


def _pictures(clip) -> list:
    """The streams that move; the cover of a record is none."""
    return [stream for stream in clip.streams.video if not stream.disposition & av.stream.Disposition.attached_pic]


def _video(clip, out: Path, sound: clip_sound.ClipSound | None) -> dict:
    stream = _pictures(clip)[0]
    stream.thread_type, stream.codec_context.thread_count = "NONE", 1
    first, strip, after_ms, end_ms, frames, reading = None, Strip(), 0, 0, 0, Reading()
    writers: list[Rendition] = []
    for frame in compressed.frames_of(clip, stream, reading):
        if frames >= limits.VIDEO_FRAMES:
            raise Unsafe("file", f"The clip has more than {limits.VIDEO_FRAMES:,} frames.")
        _check(frame.width, frame.height, None)
        upright = _upright(frame)
        if first is None:
            first, start_ms = upright, _ms(frame)
            writers = [Rendition(out / f"{side}.mp4", upright.size, side, sound) for side in CRF]
        at_ms = max(_ms(frame) - start_ms, after_ms)
        if at_ms > limits.VIDEO_MS:
            raise Unsafe("file", f"The clip is longer than {limits.VIDEO_MS // 60_000} minutes.")
        for writer in writers:
            upright = writer.add(upright, at_ms)  # the smaller one of the larger one
        strip.add(upright, at_ms)
        frames, after_ms, end_ms = frames + 1, at_ms + 1, at_ms + _shown_ms(frame, stream)
    if first is None:
        raise Unsafe("file", "There is no picture in the clip.")
    for writer in writers:
        writer.close(end_ms)
    notes = [*compressed.length_notes(_said_ms(clip, stream), end_ms), *compressed.damage_notes(reading.damaged)]
    drawn = strip.save(out / "strip.webp")
    heard = sound.fitted(end_ms) if sound else {"peaks": [], "activity": []}
    (out / "peaks.json").write_text(
        json.dumps({"version": 1, "duration_ms": end_ms, **heard, "strip": drawn}, separators=(",", ":"))
    )
    return _result(first, writers, drawn, frames, end_ms, out) | {"notes": notes}


def _check(width_px: int, height_px: int, duration_us: int | None) -> None:
    if not 0 < width_px * height_px <= limits.VIDEO_PIXELS:
        raise Unsafe("file", f"The clip is {width_px} x {height_px} pixels: at most {limits.VIDEO_PIXELS:,} are taken.")
    if (duration_us or 0) > limits.VIDEO_MS * 1000:
        raise Unsafe("file", f"The clip is longer than {limits.VIDEO_MS // 60_000} minutes.")


def _ms(frame) -> int:
    return round((frame.pts or 0) * frame.time_base * 1000)


def _shown_ms(frame, stream) -> int:
    """How long a frame is seen: by itself, or by the rate of the clip."""
    if frame.duration and frame.time_base:
        return max(1, round(frame.duration * frame.time_base * 1000))
    return max(1, round(1000 / stream.average_rate)) if stream.average_rate else 1


def _said_ms(clip, stream) -> int | None:
    """What the container says of the picture alone; of the whole clip only where nothing else could last longer."""
    if stream.duration:
        return round(stream.duration * stream.time_base * 1000)
    return (clip.duration or 0) // 1000 if len(clip.streams) == 1 else None


def _upright(frame) -> Image.Image:
    picture = frame.to_image()
    turn = frame.rotation % 360
    return picture.transpose(_TURNS[turn]) if turn in _TURNS else picture


class Rendition:
    """One size of the clip, written as its frames come, with the sound up to each of them."""

    def __init__(self, path: Path, size: tuple[int, int], side_px: int, sound: clip_sound.ClipSound | None) -> None:
        scale = min(1.0, side_px / max(size))
        self.path, (self.width, self.height) = path, (max(2, round(side * scale) // 2 * 2) for side in size)
        self._target = av.open(str(path), "w", options={"movflags": "+faststart"})
        options = {"crf": CRF[side_px], "preset": "veryfast", "profile": "baseline", "g": str(SEEK_FRAMES)}
        self._stream = self._target.add_stream("libx264", rate=30, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = self.width, self.height, "yuv420p"
        self._stream.codec_context.time_base = MS
        self._stream.codec_context.thread_count = 1
        self._sound = sound.into(self._target) if sound else None

    def add(self, picture: Image.Image, at_ms: int) -> Image.Image:
        """The picture as it is in this size."""
        small = picture.resize((self.width, self.height), Image.Resampling.BILINEAR)
        frame = av.VideoFrame.from_image(small)
        frame.pts, frame.time_base = at_ms, MS
        if self._sound:
            self._sound.up_to(at_ms)
        self._target.mux(self._stream.encode(frame))
        return small

    def close(self, end_ms: int) -> None:
        if self._sound:
            self._sound.up_to(end_ms)
            self._sound.close()
        self._target.mux(self._stream.encode())
        self._target.close()


def _result(first: Image.Image, writers: list[Rendition], strip: dict, frames: int, end_ms: int, out: Path) -> dict:
    small = image.fitted(first, SIDE_PX)
    small.save(out / "poster.webp", "WEBP", quality=image.QUALITY)
    sizes = dict(zip(("video", "240"), writers, strict=True))
    clips = {
        name: {"file": one.path.name, "type": "video/mp4", "width": one.width, "height": one.height, "frames": frames}
        for name, one in sizes.items()
    }
    return {
        "kind": "video",
        "width_px": first.width,
        "height_px": first.height,
        "duration_ms": end_ms,
        "variants": clips
        | {
            "poster": {"file": "poster.webp", "type": "image/webp", "width": small.width, "height": small.height},
            "strip": {
                "file": "strip.webp",
                "type": "image/webp",
                "width": strip["width"] * strip["count"],
                "height": strip["height"],
            },
            "peaks": {"file": "peaks.json", "type": "application/json"},
        },
    }
