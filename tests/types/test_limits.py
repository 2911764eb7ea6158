"""What an answer may cost."""

import pytest

from labelling import task_types
from labelling.task_types.errors import BadAnswer
from labelling.task_types.polygons.agreement import iou_matrix

QUESTION = {"labels": ["a", "b"], "config": {}, "text": "", "width_px": 5000, "height_px": 5000, "duration_ms": 0}


def comb(left: int, teeth: int) -> dict:
    top = [[left + 2 * n, 10 if n % 2 else 0] for n in range(teeth)]
    return {"label": "a", "points": [*top, [left + 2 * teeth, 4000], [left, 4000]]}


def test_outlines_hold_so_many_points_in_all():
    kind = task_types.get("polygons")
    whole = {"polygons": [comb(500 * n, 198) for n in range(10)]}
    assert len(kind.parse(whole, QUESTION)["polygons"]) == 10
    with pytest.raises(BadAnswer, match="4,000 points in all"):
        kind.parse({"polygons": whole["polygons"] * 2 + [comb(0, 50)]}, QUESTION)


def test_pairs_that_cannot_match_are_not_intersected_and_others_are_exact():
    a = [{"label": "a", "points": [[0, 0], [100, 0], [100, 100], [0, 100]]}]
    b = [
        {"label": "a", "points": [[0, 0], [100, 0], [100, 50], [0, 50]]},  # just half
        {"label": "a", "points": [[0, 0], [100, 0], [100, 49], [0, 49]]},
        {"label": "b", "points": a[0]["points"]},
        {"label": "a", "points": [[900, 900], [999, 900], [900, 999]]},
        {"label": "a", "points": [[0, 0], [100, 0], [0, 100]]},
    ]
    assert iou_matrix(a, b)[0].tolist() == pytest.approx([0.5, 0.0, 0.0, 0.0, 0.5])
