from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from labelling.formats.clips import Clip, clips
from labelling.formats.frozen import Frozen
from labelling.formats.zips import zipped
from labelling.task_types.label_names import name_of


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(_files(frozen))


def _files(frozen: Frozen) -> Iterator[tuple[str, bytes]]:
    """A class has the same number in every clip: its place among the project's labels; what is asked no more comes behind."""
    classes = {name_of(label): place for place, label in enumerate(frozen.labels, 1)}
    for clip in clips(frozen):
        for _, name in clip.tracks:
            classes.setdefault(name, len(classes) + 1)
        yield f"{clip.stem}/gt/gt.txt", "".join(_lines(clip, classes)).encode()
        yield f"{clip.stem}/gt/labels.txt", "".join(f"{' '.join(name.split())}\n" for name in classes).encode()
        yield f"{clip.stem}/seqinfo.ini", _info(clip).encode()


def _lines(clip: Clip, classes: dict[str, int]) -> Iterator[str]:
    """By frame, then by object, as the challenge's own files are."""
    boxes = (
        (frame + 1, number, box, classes[name])
        for number, (track, name) in enumerate(clip.tracks, 1)
        for frame, *box in clip.boxes(track)
    )
    for frame, number, box, place in sorted(boxes, key=lambda one: one[:2]):
        yield f"{frame},{number},{','.join(f'{figure:.2f}' for figure in box)},1,{place},1.0\n"


def _info(clip: Clip) -> str:
    return (
        f"[Sequence]\nname={PurePosixPath(clip.stem).name}\nimDir=img1\nframeRate={clip.rate:.6g}\nseqLength={clip.frames}\n"
        f"imWidth={clip.width_px}\nimHeight={clip.height_px}\nimExt=.jpg\n"
    )
