"""A clip to H.264 in MP4 that every phone plays, and a picture of its first frame. Runs in the child of intake.zygote only.

The demuxer is fixed by the file's first bytes and reads from the file object alone, so that a playlist or a script inside
cannot name other files or addresses. Frames keep their own times: frame n of the original is frame n of the variant.
A file with sound only comes out as a sound.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from intake import limits
from intake.decoders import compressed, image
from intake.errors import Unsafe

DEMUXERS = ("mov", "matroska", "asf", "avi")
SIDE_PX = 640
CRF = "28"
MS = Fraction(1, 1000)
_TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}


class Reading:
    damaged = 0  # packets that could not be decoded


def decode(path: Path, decoder: str, out: Path) -> dict:
    with path.open("rb") as file, av.open(file, format=decoder) as clip:
        if _pictures(clip):
            return _video(clip, out)
        if clip.streams.audio:
            return compressed.sound_of(clip, path, decoder, out)
    raise Unsafe("file", "There is neither a picture nor a sound in the file.")


def _pictures(clip) -> list:
    """The streams that move; the cover of a record is none."""
    return [stream for stream in clip.streams.video if not stream.disposition & av.stream.Disposition.attached_pic]


def _video(clip, out: Path) -> dict:
    stream = _pictures(clip)[0]
    stream.thread_type, stream.codec_context.thread_count = "NONE", 1
    _check(stream.width, stream.height, clip.duration)
    first, after_ms, end_ms, reading = None, 0, 0, Reading()
    with av.open(str(out / "video.mp4"), "w", options={"movflags": "+faststart"}) as target:
        for count, frame in enumerate(compressed.frames_of(clip, stream, reading)):
            if count >= limits.VIDEO_FRAMES:
                raise Unsafe("file", f"The clip has more than {limits.VIDEO_FRAMES:,} frames.")
            _check(frame.width, frame.height, None)
            upright = _upright(frame)
            if first is None:
                first, start_ms = upright, _ms(frame)
                writer = _writer(target, upright.size)
            at_ms = max(_ms(frame) - start_ms, after_ms)
            _encode(target, writer, upright, at_ms)
            after_ms, end_ms = at_ms + 1, at_ms + _shown_ms(frame, stream)
        if first is None:
            raise Unsafe("file", "There is no picture in the clip.")
        target.mux(writer.encode())
    notes = compressed.length_notes(_said_ms(clip, stream), end_ms)
    return _result(first, end_ms, out) | {"notes": [*notes, *compressed.damage_notes(reading.damaged)]}


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


def _writer(target, size: tuple[int, int]):
    scale = min(1.0, SIDE_PX / max(size))
    stream = target.add_stream("libx264", rate=30, options={"crf": CRF, "preset": "veryfast", "profile": "baseline"})
    stream.width, stream.height = (max(2, round(side * scale) // 2 * 2) for side in size)
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = MS
    stream.codec_context.thread_count = 1
    return stream


def _encode(target, writer, picture: Image.Image, at_ms: int) -> None:
    frame = av.VideoFrame.from_image(picture.resize((writer.width, writer.height), Image.Resampling.BILINEAR))
    frame.pts, frame.time_base = at_ms, MS
    target.mux(writer.encode(frame))


def _result(first: Image.Image, duration_ms: int, out: Path) -> dict:
    small = image.fitted(first, SIDE_PX)
    small.save(out / "poster.webp", "WEBP", quality=image.QUALITY)
    return {
        "kind": "video",
        "width_px": first.width,
        "height_px": first.height,
        "duration_ms": duration_ms,
        "variants": {
            "video": {"file": "video.mp4", "type": "video/mp4"},
            "poster": {"file": "poster.webp", "type": "image/webp", "width": small.width, "height": small.height},
        },
    }
