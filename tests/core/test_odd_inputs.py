"""Inputs that nobody planned for: ids of odd types, odd shapes of crowds, nonsense. Either it works or one sentence says why not."""

import warnings

import numpy as np
import pytest

from consensus.core import (
    Comparisons,
    Numbers,
    Rule,
    Sets,
    Stream,
    Votes,
    auto,
    cohen_kappa,
    dawid_skene,
    decide,
    is_done,
    item_types,
    learn_skills,
    majority_vote,
    merge_numbers,
    multilabel,
    next_items,
    one_coin,
    publish_prior,
    publish_tables,
    rating_agreement,
    worth_of_answer,
)
from consensus.core.metrics.alpha import krippendorff_alpha
from consensus.core.metrics.kappa import fleiss_kappa, item_agreement, worker_agreement, worker_pairs
from consensus.core.metrics.measures import calibration_error, expected_accuracy, log_loss
from consensus.core.regions.boxes import merge_boxes
from consensus.core.regions.geopoints import merge_geopoints
from consensus.core.regions.keypoints import merge_keypoints
from consensus.core.regions.marks import Marks, marks_from_rows
from consensus.core.regions.masks import merge_masks
from consensus.core.regions.polygons import merge_polygons
from consensus.core.regions.segments import merge_segments
from consensus.core.regions.spans import merge_spans
from consensus.core.regions.tracks import merge_tracks
from consensus.core.text.rover import merge_transcripts
from consensus.core.text.texts import Texts

RNG = np.random.default_rng(0)
ROWS = [(i, int(w), int(RNG.integers(0, 3))) for i in range(40) for w in RNG.choice(9, 3, replace=False)]
NAN = float("nan")


def columns(rows):
    return [[row[k] for row in rows] for k in range(3)]


def default(votes):
    """The default and the published rule, with every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result, skills = auto(votes), learn_skills(votes)
        decided = decide(votes, publish_tables(skills.confusion), publish_prior(skills.prior))
    assert np.isfinite(result.posteriors).all()
    assert np.isfinite(result.skills).all()
    return result, decided


# ---- what works

WORKING = {
    "ids with gaps": [(i * 10**9, -w * 7, a * 1000 - 5) for i, w, a in ROWS],
    "ids of mixed types": [(i if i % 2 else str(i), (w,) if w % 2 else w, a) for i, w, a in ROWS],
    "yes and no as booleans": [(i, w, a == 0) for i, w, a in ROWS],
    "only one label": [(i, w, "same") for i, w, _ in ROWS],
    "every answer a label of its own": [(i, w, f"{i}-{w}") for i, w, _ in ROWS[:60]],
    "every worker once": [(n // 3, n, n % 2) for n in range(300)],
    "one item with thousands": ROWS + [(0, 100 + n, 1) for n in range(3000)],
    "thousands of items by one worker": ROWS + [(1000 + n, 0, 0) for n in range(3000)],
}


@pytest.mark.parametrize("rows", WORKING.values(), ids=WORKING)
def test_odd_crowds_are_decided(rows):
    votes = Votes.from_rows(*columns(rows))
    result, decided = default(votes)
    assert len(result.labels) == len(decided.labels) == len({row[0] for row in rows})


def test_arrays_generators_and_lists_are_the_same_votes():
    plain = auto(Votes.from_rows(*columns(ROWS))).posteriors
    streams = [iter(column) for column in columns(ROWS)]
    floats = [np.array(column) * 1.0 for column in columns(ROWS)]
    words = [np.array([f"{value:03d}" for value in column]) for column in columns(ROWS)]
    for other in (streams, floats, words):
        assert np.array_equal(auto(Votes.from_rows(*other)).posteriors, plain)


class Column:
    """A column of a data frame after some rows were dropped: it has a length and values, but no place 0."""

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return iter(self.values)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)

    def __getitem__(self, place):
        raise KeyError(place)


def test_columns_of_data_frames_are_read_by_place():
    items, workers, answers = columns(ROWS)
    frame = [Column(items), Column(workers), Column(answers)]
    assert np.array_equal(auto(Votes.from_rows(*frame)).posteriors, auto(Votes.from_rows(*columns(ROWS))).posteriors)
    numbers = Numbers.from_rows(Column(["x", "x"]), Column(["u", "v"]), Column([1.0, 3.0]))
    assert merge_numbers(numbers).values.tolist() == [2.0]
    texts = Texts.from_rows(Column(["x", "x"]), Column(["u", "v"]), Column(["a cat", "a cat"]))
    assert merge_transcripts(texts)[0].text == "a cat"
    pairs = Comparisons.from_rows(Column(["a"]), Column(["b"]), Column(["u"]), Column(["left"]))
    assert pairs.n_comparisons == 1
    assert krippendorff_alpha(Column([0, 0, 1, 1]), Column([1, 1, 2, 2])).alpha == 1


def test_a_hundred_thousand_labels_are_decided_by_the_coin_and_refused_where_a_table_is_needed():
    answers = RNG.integers(0, 100_000, len(ROWS)).tolist()
    votes = Votes.from_rows(*columns(ROWS)[:2], answers, labels=range(100_000))
    assert auto(votes).confusion is None
    for method in (learn_skills, dawid_skene, item_types):
        with pytest.raises(ValueError, match=r"^labels: 100000 labels x \d+ workers make a confusion table of over"):
            method(votes)


def test_items_workers_and_labels_without_answers_have_their_place():
    votes = Votes.from_rows(*columns(ROWS), labels=range(7), item_ids=range(100), worker_ids=range(50))
    result, decided = default(votes)
    assert result.posteriors.shape == (100, 7)
    assert len(result.skills) == 50
    assert (decided.confidence_ppm[40:] < 900_000).all()


def test_sets_that_nobody_filled_are_empty():
    assert multilabel(Sets.from_rows([0, 1], ["a", "a"], [[], []])).sets() == [[], []]


def test_regions_and_texts_take_ids_of_any_type():
    rows = [("x", "ann", [[0, 0, 9, 9]], ["cat"]), ("x", "bob", [[0, 0, 9, 8]], ["cat"]), ("y", "bob", [], [])]
    marks = Marks.from_rows(*([row[k] for row in rows] for k in range(4)), labels=["ant", "cat"], item_ids=["y", "x"])
    merged = merge_boxes(marks)
    assert marks.item_ids.tolist() == ["y", "x"]
    assert [[marks.labels[o.label] for o in item.objects] for item in merged] == [[], ["cat"]]
    without_names = Marks.from_rows(*([row[k] for row in rows] for k in range(3)))
    assert without_names.n_labels == 1
    texts = Texts.from_rows(["x", "x", "y"], ["ann", "bob", "ann"], ["a cat", "a cat", ""])
    found = merge_transcripts(texts)
    assert dict(zip(texts.item_ids.tolist(), [one.text for one in found], strict=True)) == {"x": "a cat", "y": ""}


def test_very_large_and_very_small_figures_keep_their_size():
    for unit in (1e-90, 1e90):
        values = merge_numbers(Numbers.from_rows([0, 0, 1, 1], [0, 1, 0, 1], np.array([1, 2, 3, 3]) * unit)).values
        assert ((values / unit > 1) & (values / unit < 3.1)).all()
    box = [4e9, 5e9, 1e9, 1e9]
    assert merge_boxes(marks_from_rows([(0, w, [box], None) for w in range(3)]))[0].objects[0].shape == tuple(box)


def test_measures_of_nothing_are_nan_and_do_not_warn():
    nothing = np.full((2, 2), 0.5), np.array([-1, -1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert all(np.isnan(measure(*nothing)) for measure in (expected_accuracy, log_loss, calibration_error))


# ---- what is refused, in one sentence that names the argument


def one_mark(shape):
    return marks_from_rows([(0, 0, [shape], None)])


VOTES = Votes.from_rows([0, 0, 1], [0, 1, 0], ["a", "b", "a"])
HALF = np.full((2, 2), 0.5)
REFUSED = {
    "an id that is a list": (lambda: Votes.from_rows([0], [0], [["a"]]), r"answers: \['a'\] cannot be an id"),
    "a known id that is a list": (lambda: Votes.from_rows([0], [0], ["a"], labels=[["a"]]), "answers: .* cannot be an"),
    "no labels": (lambda: Votes.from_rows([], [], []), "labels must name at least one label"),
    "codes of two lengths": (
        lambda: Votes.from_codes([0], [0, 0], [0], 1, 1, 1),
        "item_codes, .* must be equally long",
    ),
    "a repeat, named plainly": (
        lambda: Votes.from_rows([3, 3], [4, 4], [1, 1], repeats="refuse"),
        "worker 4 answers item 3 more than once",
    ),
    "no passes": (lambda: auto(VOTES, n_iter=0), "n_iter must be at least 1"),
    "no passes of Dawid-Skene": (lambda: dawid_skene(VOTES, n_iter=0), "n_iter must be at least 1"),
    "no types": (lambda: item_types(VOTES, 0), "n_types must be at least 1"),
    "history of others": (lambda: auto(VOTES, history=np.ones((9, 2, 2))), r"history must hold .* \(2, 2, 2\)"),
    "history in words": (lambda: learn_skills(VOTES, history="much"), "history must hold"),
    "a coin's history of others": (lambda: one_coin(VOTES, history=np.ones((9, 9))), "history must hold"),
    "a start of others": (lambda: auto(VOTES, start=np.ones((9, 9))), "start must hold the shares of 2 labels"),
    "infinite weights": (lambda: majority_vote(VOTES, [np.inf, 1]), "weights must be 2 finite numbers"),
    "truth of others": (lambda: log_loss(HALF, np.array([0, 2])), "truth must be one label code below 2"),
    "a prior that is a table": (lambda: publish_prior(HALF), r"prior must have the shape \(labels,\)"),
    "votes of other items": (lambda: next_items(HALF, np.array([1]), Rule(0.1)), "n_votes must be one number"),
    "done for other items": (lambda: is_done(HALF, np.array([1]), Rule(0.1)), "n_votes must be one number"),
    "a worker of other labels": (lambda: worth_of_answer(HALF, np.eye(3), [1, 1]), "confusion must have the shape"),
    "a stream of lists": (lambda: Stream(["a"]).add([0], 1, "a"), r"item: \[0\] cannot be an id"),
    "a stream of nobody": (lambda: Stream(["a"]).add(0, None, "a"), "worker: None cannot be an id"),
    "a set of lists": (lambda: Sets.from_rows([0], [0], [[["a"]]]), "answers: .* cannot be an id"),
    "a number in words": (lambda: Numbers.from_rows([0], [0], ["many"]), "values: 'many' is not a finite number"),
    "a number beyond all": (lambda: Numbers.from_rows([0], [0], [1e300]), "values: row 0 is not a finite number"),
    "pairs of two lengths": (
        lambda: Comparisons.from_rows([0], [1, 2], [0], ["tie"]),
        "left, right, workers and outcomes must be equally long, not 1, 2, 1 and 1",
    ),
    "itself": (lambda: Comparisons.from_rows([7], [7], [0], ["tie"]), "right: item 7 is compared with itself"),
    "no text": (lambda: Texts.from_rows([0], [0], [None]), "texts: None in row 0 is no text"),
    "texts with ids for codes": (lambda: Texts(["a"], [0], ["x"], 1, 1), "texts: item codes must be whole numbers"),
    "marks with ids for codes": (lambda: marks_from_rows([("a", 0, [], None)]), "marks: item codes must be whole num"),
    "a mark without a name": (lambda: Marks.from_rows([0], [0], [[1, 2]], [["x"]]), "names: row 0 needs one label"),
    "names of fewer answers": (lambda: Marks.from_rows([0, 1], [0, 0], [[1], [2]], [["x"]]), "names: row 0 needs"),
    "an unknown name": (lambda: Marks.from_rows([0], [0], [[1]], [["x"]], labels=["y"]), "names: 'x' is not one of"),
    "a box of three": (lambda: merge_boxes(one_mark([1, 2, 3])), "boxes: every box needs"),
    "a box in words": (lambda: merge_boxes(one_mark("abcd")), "boxes: every box needs"),
    "a box beyond all": (lambda: merge_boxes(one_mark([1e200] * 4)), "boxes: every box needs"),
    "a ring in words": (lambda: merge_polygons(one_mark("ring")), "polygons: a polygon needs"),
    "points of two numbers": (
        lambda: merge_keypoints(marks_from_rows([(0, 0, [[[0, 0, 2]]], None), (0, 1, [[[0, 0, 2], [1, 1, 2]]], None)])),
        "keypoints: every mark needs the same number",
    ),
    "a mask without runs": (lambda: merge_masks(one_mark({"size": [2, 2]})), "mask: give"),
    "a mask in words": (lambda: merge_masks(one_mark("mask")), "mask: give"),
    "a span in words": (lambda: merge_spans(one_mark("ab")), "ranges: every range needs"),
    "a segment backwards": (lambda: merge_segments(one_mark([5, 2])), "ranges: every range needs"),
    "a track in words": (lambda: merge_tracks(one_mark("ab")), "tracks: a track needs"),
    "a place in words": (lambda: merge_geopoints([0], [0], ["north"], [1], 1, 1), "geopoints: latitude must lie"),
    "alpha of words on a scale": (
        lambda: krippendorff_alpha([0, 0], ["x", "y"], "interval"),
        "value: one finite value",
    ),
    "alpha of nothing known": (lambda: krippendorff_alpha([0, 0], [NAN, 1]), "value: one finite value"),
    "alpha of two lengths": (lambda: krippendorff_alpha([0, 0], [1]), "item and value must be equally long"),
    "alpha surer than sure": (lambda: krippendorff_alpha([0, 0], [1, 2], confidence=2), "confidence must lie between"),
    "kappa of an unknown label": (lambda: cohen_kappa([0, 5], [0, 1], 2), "a must lie between 0 and 1; found 0 to 5"),
    "kappa of words": (lambda: cohen_kappa(["x"], ["y"], 2), "a must be whole numbers of 0 or more"),
    "Fleiss of an unknown label": (lambda: fleiss_kappa([0, 0], [0, 7], 2), "label must lie between 0 and 1"),
    "Fleiss of two lengths": (lambda: fleiss_kappa([0, 0, 1], [0, 1], 2), "item, label must be equally long"),
    "agreement of unknown items": (lambda: item_agreement([0, 3], [0, 1], 1, 2), "item must lie between 0 and 0"),
    "pairs of an unknown label": (lambda: worker_pairs([0, 0], [0, 1], [0, 9], 2), "label must lie between 0 and 1"),
    "agreement of unknown workers": (lambda: worker_agreement([0, 0], [0, 5], [0, 1], 2), "worker must lie between"),
    "ratings of unknown items": (lambda: rating_agreement([0, 7], [0, 1], [1, 1], 0, 1, 1, 2), "item must lie between"),
}


@pytest.mark.parametrize(("call", "sentence"), REFUSED.values(), ids=REFUSED)
def test_nonsense_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}") as refusal:
        call()
    said = str(refusal.value)
    assert said.endswith(".")
    assert said.count(". ") == said.count("\n") == 0


def test_alpha_takes_ids_and_labels_of_any_type():
    words = krippendorff_alpha(["a", "a", "b", "b", ("c",)], ["yes", "yes", "yes", "no", "no"])
    codes = krippendorff_alpha([0, 0, 1, 1, 2], [1, 1, 1, 0, 0])
    assert words == codes
