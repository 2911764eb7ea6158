from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from labelling.formats.clips import Clip, clips
from labelling.formats.frozen import Frozen
from labelling.formats.zips import zipped
from labelling.task_types.drawing import Track
from labelling.task_types.label_names import name_of


def write(frozen: Frozen) -> Iterator[bytes]:
    names = [name_of(label) for label in frozen.labels]
    return zipped((f"{clip.stem}.xml", "".join(_xml(clip, names)).encode()) for clip in clips(frozen))


def _xml(clip: Clip, names: list[str]) -> Iterator[str]:
    labels = "".join(f"<label><name>{escape(name)}</name><attributes></attributes></label>" for name in names)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n'
    yield f"  <meta><task><name>{escape(clip.name)}</name><size>{clip.frames}</size><mode>interpolation</mode>"
    yield f"<start_frame>0</start_frame><stop_frame>{clip.frames - 1}</stop_frame><labels>{labels}</labels>"
    yield f"<original_size><width>{clip.width_px}</width><height>{clip.height_px}</height></original_size>"
    yield f"</task><source>{escape(clip.name)}</source></meta>\n"
    for number, (track, name) in enumerate(clip.tracks):
        yield f'  <track id="{number}" label={quoteattr(name)} source="manual">\n'
        yield from _boxes(clip, track)
        yield "  </track>\n"
    yield "</annotations>\n"


def _boxes(clip: Clip, track: Track) -> Iterator[str]:
    """Of key frames that lie in one frame the last. Where the clip goes on, one more says that the object is gone."""
    boxes = {clip.frame_of(t_ms): (x, y, width, height) for t_ms, x, y, width, height in track.keys}
    for frame, box in boxes.items():
        yield _box(frame, box, outside=0)
    last = max(boxes)
    if last + 1 < clip.frames:
        yield _box(last + 1, boxes[last], outside=1)


def _box(frame: int, box: tuple[float, float, float, float], outside: int) -> str:
    x, y, width, height = box
    corners = f'xtl="{x:.2f}" ytl="{y:.2f}" xbr="{x + width:.2f}" ybr="{y + height:.2f}"'
    return f'    <box frame="{frame}" keyframe="1" outside="{outside}" occluded="0" {corners} z_order="0"></box>\n'
