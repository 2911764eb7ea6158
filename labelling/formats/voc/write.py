from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.sax.saxutils import escape

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems, zipped
from labelling.task_types.drawing import Rectangle
from labelling.task_types.label_names import names_in, names_of

SETS, LIST = "ImageSets/Main/default.txt", "labelmap.txt"


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(_files(frozen))


def _files(frozen: Frozen) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    """What there is and what the labels are called come last, as CVAT and Datumaro have them."""
    stems, labels = Stems(), dict.fromkeys(names_of({"labels": frozen.labels}).values())
    for number, name, row in pictures(frozen):
        names = names_in(row["decision"])
        labels |= dict.fromkeys(names.values())
        objects = [_object(one, names[one.label]) for one in frozen.shapes(row)]
        yield f"Annotations/{stems.of(name, number)}.xml", "".join(_xml(name, row["media"], objects)).encode()

    again = Stems()
    yield SETS, (f"{again.of(name, number)}\n".encode() for number, name, _ in pictures(frozen))
    yield LIST, "".join(f"{' '.join(name.replace(':', ' ').split())}:::\n" for name in labels).encode()


def _xml(name: str, media: dict, objects: list[str]) -> Iterator[str]:
    path = PurePosixPath(name.replace("\\", "/"))
    yield f"<annotation>\n  <folder>{escape(path.parent.name)}</folder>\n  <filename>{escape(path.name)}</filename>\n"
    yield f"  <size><width>{media['width_px']}</width><height>{media['height_px']}</height><depth>3</depth></size>\n"
    yield "  <segmented>0</segmented>\n"
    yield from objects
    yield "</annotation>\n"


def _object(box: Rectangle, name: str) -> str:
    sides = {"xmin": box.x, "ymin": box.y, "xmax": box.x + box.width, "ymax": box.y + box.height}
    edges = "".join(f"<{side}>{edge:g}</{side}>" for side, edge in sides.items())
    return (
        f"  <object><name>{escape(name)}</name><pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult>"
        f"<bndbox>{edges}</bndbox></object>\n"
    )
