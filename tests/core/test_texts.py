"""Text: normalisation, alignment, ROVER and medoid."""

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from consensus.core.text.align import align_many, spelling_bits
from consensus.core.text.medoid import chrf_similarity, learn_medoid_skills, merge_by_medoid, weighted_medoid
from consensus.core.text.normalise import Normalisation, normalise, tokens
from consensus.core.text.rover import learn_writer_skills, merge_transcripts
from consensus.core.text.texts import Texts

SHIP = ["The ship left New York.", "The ship left New York.", "a ship left New Work"]


def texts(rows, n_workers=None):
    item, worker, text = zip(*rows, strict=True)
    return Texts(np.array(item), np.array(worker), list(text), max(item) + 1, n_workers or max(worker) + 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  The “York”—well-known, it’s $2,840.50! ", "the york well known it's 2,840.50"),
        ("我愛 Hong Kong 的天氣。", "我愛 hong kong 的天氣"),
        ("ｆｕｌｌ　ＷＩＤＴＨ", "full width"),
        ("B2B at 10:30, 3D", "b2b at 10:30 3d"),
        ("...", ""),
    ],
)
def test_normalise(text, expected):
    assert normalise(text) == expected


def test_surfaces_give_the_text_back():
    text = "Mr. Edison's ship, the “York”: well-known ($2,840.50)!"
    assert "".join(surface for _, surface in tokens(text)).strip() == text


def test_characters_and_punctuation_on_demand():
    assert normalise("ab c!", Normalisation(characters=True)) == "abc"
    assert [norm for norm, _ in tokens("Hi, you", Normalisation(case=False, punctuation=False))] == ["Hi", ",", "you"]


def test_alignment_puts_like_words_in_one_slot():
    words = ["", "adison", "edison", "mister", "was", "young"]
    network = align_many(
        [[np.array([3, 2, 4]), np.array([5, 3, 1, 4]), np.array([], dtype=int)]], spelling_bits(words)
    )[0]
    assert network.tolist() == [[0, 5, 0], [3, 3, 0], [2, 1, 0], [4, 4, 0]]


def test_rover_takes_the_better_word_and_its_spelling():
    merged = merge_transcripts(texts([(0, w, SHIP[w]) for w in range(3)]))[0]
    assert merged.text == "The ship left New York."
    assert merged.tokens == ("the", "ship", "left", "new", "york")
    assert merged.token_confidence[1] > merged.token_confidence[4] > 0.5


def test_rover_by_characters_of_chinese():
    merged = merge_transcripts(texts([(0, 0, "我愛香港"), (0, 1, "我爱香港"), (0, 2, "我愛香江")]))[0]
    assert merged.text == "我愛香港"


def test_rover_trusts_the_writer_who_is_right_elsewhere():
    rows = [(i, w, f"word{i} alpha beta gamma") for i in range(12) for w in range(3)]
    rows += [(i, 3, f"nonsense{i} delta epsilon zeta") for i in range(12)]
    rows += [(12, 0, "harbour"), (12, 3, "hobby")]
    merged = merge_transcripts(texts(rows))
    assert merged[12].text == "harbour"
    accuracy = learn_writer_skills(texts(rows)).accuracy
    assert accuracy[3] < 0.6 < 0.9 < accuracy[0]


def test_empty_answers_count_and_an_item_without_answers_is_empty():
    rows = [(0, 0, ""), (0, 1, ""), (0, 2, "noise"), (2, 0, "yes")]
    silent, absent, single = merge_transcripts(texts(rows))
    assert (silent.text, silent.tokens) == ("", ())
    assert silent.confidence > 0.5
    assert (absent.text, absent.confidence, absent.n_answers) == ("", 0.0, 0)
    assert single.text == "yes"


def test_median_of_paraphrases_never_costs_more_than_the_best_answer():
    rows = [
        (0, 0, "he was approved by the mayor"),
        (0, 1, "the mayor gave him approval before"),
        (0, 2, "he got the approval"),
    ]
    data = texts(rows)
    merged = merge_transcripts(data, decode="median")[0]

    def cost(words):
        return sum(Levenshtein.distance(words, [data.words[c] for c in code]) for code in data.code)

    assert cost(list(merged.tokens)) <= min(cost([data.words[c] for c in code]) for code in data.code)


def test_medoid_picks_the_central_text_and_ties_sort_first():
    assert weighted_medoid(["abcd", "abce", "abcf", "zzzz"]) == 0
    assert weighted_medoid(["b", "a"]) == 1
    assert weighted_medoid(["b", "a"], [3, 1]) == 0


def test_medoid_weights_are_learned():
    rows = [(i, w, f"a common phrase number {i}") for i in range(9) for w in range(3)] + [
        (i, 3, "spam") for i in range(9)
    ]
    skills = learn_medoid_skills(texts(rows))
    assert skills.weight[3] < skills.weight[0] / 2
    chosen = merge_by_medoid(texts(rows))
    assert [c.text for c in chosen] == [f"a common phrase number {i}" for i in range(9)]
    assert all(0.5 < c.confidence <= 1 for c in chosen)


def test_chrf_of_equal_and_of_foreign_texts():
    like = chrf_similarity(["a cat sat", "a cat sat", "xyz"])
    assert like[0, 1] == 1.0
    assert like[0, 2] == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: weighted_medoid([]), "at least one"),
        (lambda: weighted_medoid(["a"], [-1]), "weights"),
        (lambda: weighted_medoid(["a"], metric="bleu"), "metric"),
        (lambda: merge_transcripts(texts([(0, 0, "a")]), decode="loud"), "decode"),
        (lambda: Texts([0], [5], ["a"], 1, 1), "worker codes"),
        (lambda: Texts([0, 0], [0], ["a"], 1, 1), "item needs one code per text"),
    ],
)
def test_refusals_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
