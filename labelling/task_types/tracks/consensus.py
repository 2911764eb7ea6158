"""tracks: marks linked over the whole of their time, then existence x label x place at each key time; see consensus.core.regions.tracks."""

from __future__ import annotations

from consensus.core.regions.models import Mark
from labelling.task_types.mark_consensus import MarkConsensus
from labelling.task_types.merging import ppm
from labelling.task_types.tracks.answer import MAX_KEYS, place
from labelling.task_types.tracks.gold import is_right

METHOD = "tracks-objects/1"


def _track(mark: Mark, question: dict) -> dict:
    """Whole milliseconds and pixels inside the clip; of key frames that rounding puts at one time the first."""
    keys: dict[int, list[int]] = {}
    for key in mark.shape:
        t_ms = min(max(round(key[0]), 0), question["duration_ms"])
        keys.setdefault(t_ms, [t_ms, *_inside(key[1:], question["width_px"], question["height_px"])])
    return {"label": mark.label, "keys": [keys[t_ms] for t_ms in sorted(keys)][:MAX_KEYS]}


def _inside(box: tuple[float, ...], width_px: int, height_px: int) -> list[int]:
    x, y, width, height = box
    left, top = min(max(round(x), 0), width_px - 1), min(max(round(y), 0), height_px - 1)
    right = min(max(round(x + width), left + 1), width_px)
    bottom = min(max(round(y + height), top + 1), height_px)
    return [left, top, right - left, bottom - top]


def _summary(row: dict) -> dict[str, int]:
    return {
        "recall_ppm": ppm(row["accuracy"]),
        "false_marks_per_look_ppm": ppm(row["clutter"]),
        "edge_error_ppm": ppm(row["spread"]),
        "accuracy_ppm": ppm(row["accuracy"]),
    }


_CONSENSUS = MarkConsensus(
    aggregator="Tracks",
    marks="tracks",
    shape=lambda track: track["keys"],
    mark=_track,
    place=place,
    is_right=is_right,
    summary=_summary,
)
decide_many, learn_skills_of = _CONSENSUS.decide_many, _CONSENSUS.learn_skills_of
