"""Small releases for outside readers, written by each format as a download is: a folder a release, a file or an unpacked zip a format."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from PIL import Image

from labelling.formats import EXPORTS
from labelling.formats.frozen import Frozen
from labelling.task_types.runs import text_of_mask

LABELS = [{"id": "neg", "name": {"en": "Negative"}}, {"id": "pos", "name": {"en": "Positive"}}]
WIDTH, HEIGHT = 64, 48
TEXT = "  Thandi 🙂 moved to eThekwini.\nIn 東京 she sings."
AREA = np.zeros((HEIGHT, WIDTH), dtype=bool)
AREA[3:9, 5:20] = True
MASK = {"label": "pos", "size": [HEIGHT, WIDTH], "counts": text_of_mask(AREA)}
SKELETON = {
    "points": [{"id": one, "name": {"en": one}} for one in ("nose", "left_ear", "right_ear")],
    "edges": [["nose", "left_ear"], ["nose", "right_ear"]],
}
FIGURE = {"label": "pos", "points": {"nose": [20, 20, 2], "left_ear": [28, 16, 1], "right_ear": [12, 16, 2]}}
BOXES = [
    {"label": "neg", "x": 0, "y": 0, "width": 5, "height": 6},
    {"label": "pos", "x": 10, "y": 20, "width": 30, "height": 20},
]
RING = [[10, 10], [30, 10], [30, 30], [10, 30]]
SEGMENTS = [{"label": "pos", "start_ms": 500, "end_ms": 1250}, {"label": "neg", "start_ms": 1500, "end_ms": 2000}]
TRACK = {"label": "pos", "keys": [[0, 10, 10, 8, 8], [960, 34, 10, 8, 8]]}


def spans(*found: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": label, "start": TEXT.index(words), "end": TEXT.index(words) + len(words)} for label, words in found
    ]


SPANS = spans(("pos", "Thandi"), ("neg", "to eThekwini"), ("pos", "eThekwini"), ("neg", "東京"))
CHAT = [
    {"id": "s", "role": "system", "kind": "text", "text": "Be brief."},
    {"id": "q", "role": "user", "kind": "text", "text": "What colour is the sky?"},
]
PAIR = [
    {"id": one, "role": "candidate", "kind": "text", "text": words} for one, words in (("a", "Blue."), ("b", "Green."))
]
JUDGED = [
    {"id": "q", "role": "prompt", "kind": "text", "text": "Sky?"},
    {"id": "a", "role": "candidate", "kind": "text", "text": "Blue."},
]
STEPS = [{"id": f"s{n}", "role": "step", "kind": "text", "text": f"Step {n}."} for n in (1, 2)]


@dataclass(frozen=True)
class World:
    """values: what is decided of each item, None of one that nobody has decided."""

    task_type: str
    medium: str
    values: list[dict[str, Any] | None]
    formats: tuple[str, ...]
    config: dict[str, Any] = field(default_factory=dict)
    parts: list[dict[str, Any]] = field(default_factory=list)
    labels: list[dict[str, Any]] = field(default_factory=lambda: LABELS)


WORLDS = {
    "boxes": World("boxes", "image", [{"boxes": BOXES}, {"boxes": []}, None], ("coco", "yolo", "voc", "cvat-images")),
    "polygons": World("polygons", "image", [{"polygons": [{"label": "pos", "points": RING}]}], ("coco", "yolo")),
    "keypoints": World("keypoints", "image", [{"figures": [FIGURE]}], ("coco", "yolo"), {"skeleton": SKELETON}),
    "mask": World("mask", "image", [{"masks": [MASK]}, {"masks": []}], ("coco", "coco-panoptic", "png-masks")),
    "caption": World("text", "image", [{"text": 'A "cat"\nin the sun'}], ("coco-captions",), {"language": "en", "kind": "caption"}),
    "pictures": World("choice", "image", [{"label": "pos"}, {"label": "neg"}], ("image-folder",)),
    "spans": World("spans", "text", [{"spans": SPANS}, {"spans": []}, None],
                   ("spacy", "conll", "conll-iob1", "conll-iobes", "conll-bilou", "doccano")),
    "choice": World("choice", "text", [{"label": "pos"}, {"label": "neg"}, {"label": "pos"}],
                    ("soft-labels", "spacy", "hugging-face", "parquet", "csv-raw")),
    "pairwise": World("pairwise", "parts", [{"chosen": "b"}, {"chosen": "same"}], ("trl-preference", "trl-unpaired"), parts=CHAT + PAIR),
    "completion": World("text", "parts", [{"text": "Blue."}], ("trl-prompt-completion",), {"language": "en", "kind": "answer"}, CHAT),
    "steps": World("first_wrong", "parts", [{"wrong": [{"step": "s2", "label": "pos"}]}], ("trl-stepwise",), parts=JUDGED[:1] + STEPS),
    "judged": World("rating", "parts", [{"rating": 3}], ("beir",), parts=JUDGED, labels=[]),
    "segments": World("segments", "audio", [{"segments": SEGMENTS}], ("webvtt", "srt", "textgrid", "audacity", "rttm")),
    "tracks": World("tracks", "video", [{"tracks": [TRACK]}], ("mot",)),
}  # fmt: skip


def write_all(folder: Path) -> list[tuple[str, str]]:
    """(release, format) of each that was written."""
    made = []
    for name, world in WORLDS.items():
        for one in world.formats:
            if one in EXPORTS:
                _write(world, one, folder / name / one)
                made.append((name, one))
    return made


def _write(world: World, name: str, to: Path) -> None:
    to.mkdir(parents=True)
    format, write = EXPORTS[name], EXPORTS[name].write
    assert write is not None, name
    content = b"".join(write(_frozen(world)))
    if format.extension == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(to)
    else:
        (to / f"written.{format.extension}").write_bytes(content)
    if world.medium == "image":
        (to / "images").mkdir(exist_ok=True)
        for number in range(1, len(world.values) + 1):
            Image.new("RGB", (WIDTH, HEIGHT), "red").save(to / "images" / f"{number}.png")


def _frozen(world: World) -> Frozen:
    lines = (orjson.dumps(_row(world, number, value)) + b"\n" for number, value in enumerate(world.values, 1))
    packed = gzip.compress(b"".join(lines))
    return Frozen(
        "Outside",
        1,
        world.task_type,
        "2026-11-22T00:00:00Z",
        lambda: io.BytesIO(packed),
        world.labels,
        world.config,
        "Say what it is.",
    )


def _row(world: World, number: int, value: dict[str, Any] | None) -> dict[str, Any]:
    names = {one["id"]: one["name"]["en"] for one in world.labels}
    said = _named(value, names)
    votes = [said, said, _named({"label": "neg"}, names)] if world.task_type == "choice" else [said, said]
    answers = [
        {"worker": f"r{n}", "value": vote, "shown": None, "counted": True, "received_at": "2026-11-22T00:00:00Z", "active_ms": 2000,
         "device_class": "phone", "suggestion_shown": False, "question": 1}
        for n, vote in enumerate(votes)
    ]  # fmt: skip
    media = {
        "file_name": f"{number}.png",
        "kind": world.medium,
        "width_px": WIDTH,
        "height_px": HEIGHT,
        "duration_ms": 4000,
        "frames": 100,
    }
    return {
        "item": number, "external_id": f"row {number}", "text": TEXT if world.medium == "text" else None, "parts": world.parts or None,
        "media": media if world.medium in ("image", "audio", "video") else None, "metadata": {}, "other_rows": [],
        "decision": said, "confidence_ppm": 950_000, "agreement_ppm": 900_000, "answers_used": len(answers), "sure": True, "method": "m/1",
        "inputs_hash": "ab" * 32, "answers": answers if value else [],
        "provenance": {"source": "crowd", "decided_at": "2026-11-22T00:00:00Z"},
    }  # fmt: skip


def _named(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_named(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    label = value.get("label")
    said = {"label": names[label], "label_id": label} if label in names else {}
    return {key: _named(one, names) for key, one in value.items()} | said
