"""What every method on regions and texts must keep: one suite over all kinds."""

import math
import warnings

import numpy as np
import pytest

from consensus.core.regions.boxes import learn_box_skills, merge_boxes
from consensus.core.regions.keypoints import learn_keypoint_skills, merge_keypoints
from consensus.core.regions.marks import Marks, marks_from_rows
from consensus.core.regions.masks import learn_mask_skills, merge_masks
from consensus.core.regions.polygons import learn_polygon_skills, merge_polygons
from consensus.core.regions.rle import encode
from consensus.core.regions.segments import learn_segment_skills, merge_segments
from consensus.core.regions.spans import learn_span_skills, merge_spans
from consensus.core.regions.tracks import learn_track_skills, merge_tracks
from consensus.core.text.medoid import merge_by_medoid
from consensus.core.text.rover import merge_transcripts
from consensus.core.text.texts import Texts

N_ITEMS, N_WORKERS = 6, 5  # item 5 has no answer, in item 4 nobody sees anything
OBJECTS = [(20.0, 30.0, 40.0, 25.0), (90.0, 60.0, 30.0, 40.0)]


def as_box(x, y, w, h):
    return [x, y, w, h]


def as_polygon(x, y, w, h):
    return [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x - 3, y + h / 2]]


def as_points(x, y, w, h):
    return [[x, y, 2], [x + w, y, 2], [x + w / 2, y + h, 1]]


def as_range(x, y, w, h):
    return [round(10 * x), round(10 * x) + round(10 * w)]


def as_track(x, y, w, h):
    return [[0, x, y, w, h], [1000, x + 10, y, w, h], [2000, x + 20, y + 5, w, h]]


def as_mask(x, y, w, h):
    mask = np.zeros((120, 150), dtype=bool)
    mask[int(y) : int(y + h), int(x) : int(x + w)] = True
    return encode(mask)


KINDS = {
    "boxes": (as_box, merge_boxes, learn_box_skills),
    "polygons": (as_polygon, merge_polygons, learn_polygon_skills),
    "keypoints": (as_points, merge_keypoints, learn_keypoint_skills),
    "spans": (as_range, merge_spans, learn_span_skills),
    "segments": (as_range, merge_segments, learn_segment_skills),
    "tracks": (as_track, merge_tracks, learn_track_skills),
    "masks": (as_mask, merge_masks, learn_mask_skills),
    "masks by STAPLE": (as_mask, lambda m, s=None: merge_masks(m, s, method="staple"), learn_mask_skills),
    "masks by votes": (as_mask, lambda m, s=None: merge_masks(m, s, method="vote"), learn_mask_skills),
}


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def kind(request):
    return request.param


def rows_of(make, seed=0):
    """Every worker sees each of two objects with chance 0.85, places it to a pixel or two, and names it rightly with chance 0.9."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in range(N_ITEMS - 1):
        for worker in range(N_WORKERS):
            shapes, labels = [], []
            for label, place in enumerate(OBJECTS if item < 4 else []):
                if rng.random() < 0.85:
                    shapes.append(make(*(np.array(place) + rng.normal(0, 1 + worker / 4, 4)).tolist()))
                    labels.append(label)
            rows.append((item, worker, shapes, labels))
    return rows


def build(rows, **counts):
    return marks_from_rows(rows, **{"n_items": N_ITEMS, "n_workers": N_WORKERS, "n_labels": 2, **counts})


def run(merge, marks: Marks, *skills):
    """Merge with every warning an error, and check what any result must satisfy."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        merged = merge(marks, *skills)
    assert len(merged) == marks.n_items
    looks = np.bincount(marks.item, minlength=marks.n_items)
    for item, n in zip(merged, looks, strict=True):
        assert item.n_answers == n
        assert 0 <= item.confidence <= 1
        assert item.missed >= 0
        assert 0 <= item.agreement <= 1 or (math.isnan(item.agreement) and n < 2)
        for o in (*item.objects, *item.others):
            assert all(0 <= p <= 1 for p in (o.confidence, o.exists, o.labelled, o.placed, *o.label_shares))
            assert set(o.marks) <= set(range(len(marks.answer)))
    return merged


def shape_of(found):
    return found["counts"] if isinstance(found, dict) else np.ravel(np.array([*found], dtype=float)).tolist()


def contents(merged):
    return [[(o.label, shape_of(o.shape), o.confidence) for o in (*i.objects, *i.others)] for i in merged]


def kept(merged):
    return [sorted(o.label for o in item.objects) for item in merged]


def test_the_planted_objects_are_found(kind):
    make, merge, _ = kind
    assert kept(run(merge, build(rows_of(make)))) == [[0, 1]] * 4 + [[]] * 2


def test_bit_equal_on_repeat_and_for_any_row_order(kind):
    make, merge, _ = kind
    rows = rows_of(make)
    first = contents(run(merge, build(rows)))
    backwards = [(i, w, s[::-1], names[::-1]) for i, w, s, names in rows[::-1]]
    for order in (rows, backwards):
        assert contents(run(merge, build(order))) == first


def test_marks_point_at_the_callers_rows(kind):
    make, merge, _ = kind
    rows = rows_of(make)[::-1]
    marks = build(rows)
    for number, item in enumerate(run(merge, marks)):
        for o in item.objects:
            assert {marks.item[marks.answer[m]] for m in o.marks} == {number}


def assert_alike(mine, hers):
    """Two lists of (label, shape, confidence) that differ by rounding only."""
    for (label, shape, sure), (other_label, other_shape, other_sure) in zip(mine, hers, strict=True):
        assert label == other_label
        assert shape == pytest.approx(other_shape, abs=1e-6)
        assert sure == pytest.approx(other_sure, abs=1e-9)


def test_names_of_workers_do_not_matter(kind):
    make, merge, _ = kind
    renamed = [(i, N_WORKERS - 1 - w, s, names) for i, w, s, names in rows_of(make)]
    for mine, hers in zip(
        contents(run(merge, build(rows_of(make)))), contents(run(merge, build(renamed))), strict=True
    ):
        assert_alike(mine, hers)


def test_names_of_labels_do_not_matter(kind):
    make, merge, _ = kind
    renamed = [(i, w, s, [1 - k for k in names]) for i, w, s, names in rows_of(make)]
    for mine, hers in zip(
        contents(run(merge, build(rows_of(make)))), contents(run(merge, build(renamed))), strict=True
    ):
        swapped = [(1 - label, shape, sure) for label, shape, sure in hers]
        assert_alike(sorted(mine, key=lambda o: o[1]), sorted(swapped, key=lambda o: o[1]))


def test_one_worker_alone_gets_her_marks_back(kind):
    make, merge, _ = kind
    rows = [row for row in rows_of(make) if row[1] == 0]
    marks = build(rows)
    merged = run(merge, marks)
    for number, item in enumerate(merged):
        assert len(item.objects) + len(item.others) == np.count_nonzero(marks.mark_item == number)


def test_duplicated_workers_change_no_decision(kind):
    make, merge, _ = kind
    rows = rows_of(make)
    twins = rows + [(i, w + N_WORKERS, s, names) for i, w, s, names in rows]
    assert kept(run(merge, build(twins, n_workers=2 * N_WORKERS))) == kept(run(merge, build(rows)))


def test_known_skills_give_the_same_decisions_item_by_item(kind):
    make, merge, learn = kind
    rows = rows_of(make)
    skills = learn(build(rows))
    together = kept(run(merge, build(rows), skills))
    for item in range(N_ITEMS):
        alone = [(0, w, s, names) for i, w, s, names in rows if i == item]
        assert kept(run(merge, build(alone, n_items=1), skills)) == together[item : item + 1]


def test_no_answers_at_all(kind):
    _, merge, _ = kind
    assert kept(run(merge, build([]))) == [[]] * N_ITEMS


def test_unknown_codes_are_refused():
    for bad in ({"item": 9}, {"worker": 9}, {"label": 9}):
        row = (bad.get("item", 0), bad.get("worker", 0), [OBJECTS[0]], [bad.get("label", 0)])
        with pytest.raises(ValueError, match=f"{next(iter(bad))} codes must lie between"):
            build([row])


def test_skills_of_other_workers_are_refused(kind):
    make, merge, learn = kind
    skills = learn(build(rows_of(make)))
    with pytest.raises(ValueError, match="skills"):
        merge(build(rows_of(make), n_workers=N_WORKERS + 1), skills)


TEXT_METHODS = {
    "rover": merge_transcripts,
    "median": lambda t: merge_transcripts(t, decode="median"),
    "medoid": merge_by_medoid,
    "medoid by chrF": lambda t: merge_by_medoid(t, metric="chrf"),
}
SENTENCES = ["the boat left the harbour at noon", "two dogs ran over the long bridge", "she sold green apples"]


@pytest.fixture(params=TEXT_METHODS.values(), ids=TEXT_METHODS)
def merge_texts(request):
    return request.param


def text_rows(seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for item, sentence in enumerate(SENTENCES):
        for worker in range(5):
            words = [w if rng.random() > 0.05 * worker else w[::-1] for w in sentence.split()]
            rows.append((item, worker, " ".join(words)))
    return [*rows, (3, 0, ""), (3, 1, "")]


def run_texts(merge, rows, n_workers=5):
    texts = Texts([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows], 5, n_workers)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        merged = merge(texts)
    assert all(0 <= m.confidence <= 1 for m in merged)
    assert all(0 <= m.agreement <= 1 or (math.isnan(m.agreement) and m.n_answers < 2) for m in merged)
    return [(m.text, m.confidence) for m in merged]


def test_texts_are_found_and_bit_equal_for_any_row_order(merge_texts):
    rows = text_rows()
    first = run_texts(merge_texts, rows)
    assert [text for text, _ in first] == [*SENTENCES, "", ""]
    assert run_texts(merge_texts, rows) == run_texts(merge_texts, rows[::-1]) == first


def test_names_of_writers_do_not_matter(merge_texts):
    renamed = [(i, 4 - w, t) for i, w, t in text_rows()]
    for (text, sure), (other, other_sure) in zip(
        run_texts(merge_texts, text_rows()), run_texts(merge_texts, renamed), strict=True
    ):
        assert text == other
        assert sure == pytest.approx(other_sure, abs=1e-9)


def test_one_writer_and_twins(merge_texts):
    alone = [row for row in text_rows() if row[1] == 0]
    assert [text for text, _ in run_texts(merge_texts, alone)] == [*SENTENCES, "", ""]
    twins = text_rows() + [(i, w + 5, t) for i, w, t in text_rows()]
    assert [t for t, _ in run_texts(merge_texts, twins, 10)] == [t for t, _ in run_texts(merge_texts, text_rows())]


def test_no_texts_at_all(merge_texts):
    assert [text for text, _ in run_texts(merge_texts, [])] == [""] * 5
