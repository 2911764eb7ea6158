"""Spans and segments."""

import numpy as np
import pytest

from consensus.core.regions.marks import marks_from_rows
from consensus.core.regions.segments import learn_segment_skills, merge_segments
from consensus.core.regions.spans import character_f1, exact_f1, learn_span_skills, merge_spans

NAME, PLACE = 0, 1


def crowd():
    """Twelve texts with a name at 10-20 and a place at 40-52; worker 3 marks only names, worker 4 marks noise."""
    rows = []
    for item in range(12):
        rows += [(item, w, [[10, 20], [40, 52 - (w == 2)]], [NAME, PLACE]) for w in range(3)]
        rows += [(item, 3, [[10, 20]], [NAME]), (item, 4, [[70 + item, 75 + item]], [PLACE])]
    return rows


def shapes(item):
    return [(*o.shape, o.label) for o in item.objects]


def test_spans_are_found_and_noise_is_not():
    merged = merge_spans(marks_from_rows(crowd()), lengths=[100] * 12)
    assert all(shapes(item) == [(10, 20, NAME), (40, 52, PLACE)] for item in merged)
    assert all(item.objects[0].confidence > item.objects[1].confidence > 0.6 for item in merged)
    assert merged[0].objects[1].marks == (1, 3, 5)


def test_a_worker_who_marks_too_little_is_understood():
    skills = learn_span_skills(marks_from_rows(crowd()), lengths=[100] * 12)
    assert skills.confusion[3, 1 + PLACE, 0] > 0.7 > 0.3 > skills.confusion[0, 1 + PLACE, 0]
    rows = [(0, 0, [[5, 15]], [PLACE]), (0, 1, [[5, 15]], [PLACE]), (0, 3, [], []), (0, 4, [], [])]
    again = merge_spans(marks_from_rows(rows, n_workers=5, n_labels=2), skills, lengths=[100])
    assert shapes(again[0]) == [(5, 15, PLACE)]


def test_neighbours_with_one_label_stay_two_spans():
    rows = [(0, w, [[0, 10], [10, 20]], None) for w in range(3)] + [(0, 3, [[0, 20]], None)]
    assert [o.shape for o in merge_spans(marks_from_rows(rows), lengths=[50])[0].objects] == [(0, 10), (10, 20)]


def test_spans_snap_to_tokens():
    tokens = [np.array([[0, 5], [6, 12], [13, 20]])]
    rows = [(0, w, [[6, 12 - w]], None) for w in range(3)]
    assert [o.shape for o in merge_spans(marks_from_rows(rows), tokens=tokens)[0].objects] == [(6, 12)]


def test_nothing_said_by_all_is_sure_and_by_nobody_is_empty():
    nothing, unseen = merge_spans(marks_from_rows([(0, w, [], None) for w in range(4)], n_items=2), lengths=[60, 60])
    assert nothing.objects == unseen.objects == ()
    assert nothing.confidence > 0.8
    assert nothing.agreement == 1
    assert unseen.n_answers == 0


def test_segments_in_milliseconds_without_slivers():
    rows = [(0, w, [[1000 + 20 * w, 3000 + 20 * w], [5000, 5040]], [0, 1]) for w in range(3)]
    merged = merge_segments(marks_from_rows(rows), durations_ms=[8000])[0]
    assert [(o.label, o.shape) for o in merged.objects] == [(0, (1020.0, 3020.0))]
    assert [o.label for o in merged.others] == [1]
    assert learn_segment_skills(marks_from_rows(rows), durations_ms=[8000]).confusion.shape == (3, 3, 3)


def test_f1_of_spans():
    assert character_f1([[0, 10]], [[5, 10]]) == pytest.approx(2 / 3)
    assert character_f1([], []) == 1
    assert character_f1([[0, 3]], []) == 0
    assert exact_f1([(0, 5, NAME), (7, 9, PLACE)], [(0, 5, NAME)]) == pytest.approx(2 / 3)


def test_an_empty_span_is_refused():
    with pytest.raises(ValueError, match="end after start"):
        merge_spans(marks_from_rows([(0, 0, [[5, 5]], None)]))
