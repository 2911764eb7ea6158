"""tracks: marks linked over the whole of their time, then existence x label x place at each key time; see consensus.core.regions.tracks."""

from __future__ import annotations

from consensus.core.regions.models import Mark
from labelling.task_types.mark_consensus import MarkConsensus, summary_with
from labelling.task_types.pixels import box_inside
from labelling.task_types.tracks.answer import MAX_KEYS, place
from labelling.task_types.tracks.gold import is_right

METHOD = "tracks-objects/1"


def _track(mark: Mark, question: dict) -> dict:
    """Whole milliseconds and pixels inside the clip; of key frames that rounding puts at one time the first."""
    keys: dict[int, list[int]] = {}
    for key in mark.shape:
        t_ms = min(max(round(key[0]), 0), question["duration_ms"])
        keys.setdefault(t_ms, [t_ms, *box_inside(key[1:], question)])
    return {"label": mark.label, "keys": [keys[t_ms] for t_ms in sorted(keys)][:MAX_KEYS]}


_CONSENSUS = MarkConsensus(
    aggregator="Tracks",
    marks="tracks",
    shape=lambda track: track["keys"],
    mark=_track,
    place=place,
    is_right=is_right,
    summary=summary_with("edge_error_ppm"),
)
decide_many, learn_skills_of = _CONSENSUS.decide_many, _CONSENSUS.learn_skills_of
