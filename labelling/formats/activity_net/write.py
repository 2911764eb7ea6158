from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.coco.write import dump
from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems
from labelling.task_types.label_names import name_of, names_in

ROOT = {"nodeId": 0, "nodeName": "Root", "parentId": None, "parentName": None}


def write(frozen: Frozen) -> Iterator[bytes]:
    """A clip that nobody has decided is left out: without segments it would say that nothing is there. The labels stand behind the clips:
    those that the project no longer asks are known then."""
    stems, known = Stems(), dict.fromkeys(map(name_of, frozen.labels))
    yield b'{"version":"1.3","database":{'
    parting = ""
    for number, name, row in pictures(frozen):
        names = names_in(row["decision"])
        known |= dict.fromkeys(names.values())
        yield f"{parting}{dump(stems.of(name, number))}:{dump(_clip(frozen, row, names))}".encode()
        parting = ",\n"
    nodes = [{"nodeId": n, "nodeName": name, "parentId": 0, "parentName": "Root"} for n, name in enumerate(known, 1)]
    yield f'}},"taxonomy":{dump([ROOT, *nodes])}}}\n'.encode()


def _clip(frozen: Frozen, row: dict, names: dict[str, str]) -> dict:
    media = row["media"]
    marks = [
        {"segment": [one.start_ms / 1000, one.end_ms / 1000], "label": names[one.label]} for one in frozen.shapes(row)
    ]
    size = f"{media['width_px']}x{media['height_px']}" if media["width_px"] else ""
    duration = (media["duration_ms"] or 0) / 1000
    return {"subset": "training", "duration": duration, "resolution": size, "url": "", "annotations": marks}
