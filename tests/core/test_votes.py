import numpy as np
import pytest

from consensus.core import Votes

ROWS = [("b", "w2", "no"), ("a", "w1", "yes"), ("b", "w1", "yes"), ("a", "w2", "yes")]


def make(rows, **options):
    return Votes.from_rows(*map(list, zip(*rows, strict=True)), **options)


def test_rows_are_coded_in_canonical_order():
    votes = make(ROWS)
    assert votes.item_ids.tolist() == ["a", "b"]
    assert votes.worker_ids.tolist() == ["w1", "w2"]
    assert votes.labels.tolist() == ["no", "yes"]
    assert votes.item_codes.tolist() == [0, 0, 1, 1]
    assert votes.worker_codes.tolist() == [0, 1, 0, 1]
    assert votes.answer_codes.tolist() == [1, 1, 1, 0]
    assert votes.counts.tolist() == [[0, 2], [1, 1]]


@pytest.mark.parametrize(
    "convert",
    [int, str, float, lambda n: (n, "x"), lambda n: n * 10**12, lambda n: 10**30 + n],
    ids=["int", "str", "float", "pair", "large", "huge"],
)
def test_ids_of_any_type_give_the_same_table(convert):
    rows = [(item, worker, item % 3) for item in range(9) for worker in range(3)]
    votes = make([(convert(i), convert(w), a) for i, w, a in reversed(rows)])
    assert votes.item_codes.tolist() == [i for i, _, _ in rows]
    assert votes.worker_codes.tolist() == [w for _, w, _ in rows]
    assert votes.item_ids.tolist() == [convert(i) for i in range(9)]


def test_integer_arrays_and_lists_are_coded_alike():
    rng = np.random.default_rng(3)
    columns = [rng.integers(-5, 40, 500), rng.integers(10**15, 10**15 + 20, 500), rng.integers(0, 4, 500)]
    fast, slow = Votes.from_rows(*columns), Votes.from_rows(*[c.tolist() for c in columns])
    words = Votes.from_rows(*[c.astype(object) for c in columns])
    for other in (slow, words):
        assert np.array_equal(fast.item_codes, other.item_codes)
        assert np.array_equal(fast.answer_codes, other.answer_codes)
        assert fast.item_ids.tolist() == other.item_ids.tolist()


@pytest.mark.parametrize("kind", ["int8", "uint8", "int32", "uint64"])
def test_narrow_and_unsigned_integers_keep_their_values(kind):
    low = -100 if kind == "int8" else 2**64 - 300 if kind == "uint64" else 0
    values = np.array([low, low + 120, low + 100, low], dtype=kind)
    votes = Votes.from_rows(np.arange(4), np.arange(4), values)
    assert votes.labels.tolist() == [low, low + 100, low + 120]
    assert votes.answer_codes.tolist() == [0, 2, 1, 0]


def test_repeats_are_kept_replaced_or_refused():
    rows = [*ROWS, ("a", "w1", "no")]
    assert make(rows).n_votes == 5
    last = make(rows, repeats="last")
    assert last.n_votes == 4
    assert last.answer_codes[0] == 0
    with pytest.raises(ValueError, match=r"worker 'w1' answers item 'a' more than once; send one answer a pair\."):
        make(rows, repeats="refuse")


@pytest.mark.parametrize(
    ("columns", "options", "sentence"),
    [
        ((["a"], ["w"], ["maybe"]), {"labels": ["no", "yes"]}, r"answers: 'maybe' is not one of the 2 labels"),
        ((["a"], ["w"], [None]), {}, "answers: an id is missing"),
        ((["a"], ["w"], [float("nan")]), {}, "answers: an id is missing"),
        ((["a"], ["w", "v"], ["x"]), {}, "must be equally long, not 1, 2 and 1"),
        ((["a"], ["w"], ["x"]), {"item_ids": ["b"]}, "items: 'a' is not one of the 1 item_ids"),
        ((["a"], ["w"], ["x"]), {"labels": ["x", "x"]}, "name each once"),
        ((["a"], ["w"], ["x"]), {"repeats": "first"}, "repeats must be"),
    ],
)
def test_a_refusal_is_one_sentence(columns, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Votes.from_rows(*columns, **options)


def test_codes_outside_the_ids_are_refused():
    with pytest.raises(ValueError, match="answer_codes must lie between 0 and 1; found 2 to 2"):
        Votes.from_codes(np.array([0]), np.array([0]), np.array([2]), 1, 1, 2)


def test_select_items_renumbers_and_keeps_workers():
    votes = make(ROWS).select_items(np.array([1]))
    assert votes.item_ids.tolist() == ["b"]
    assert votes.worker_ids.tolist() == ["w1", "w2"]
    assert votes.answer_codes.tolist() == [1, 0]


def test_the_table_cannot_be_changed():
    votes = make(ROWS)
    with pytest.raises(ValueError, match="read-only"):
        votes.answer_codes[0] = 0
