"""The learners learn, are calibrated, and come back from storage as they were."""

import numpy as np
import pytest

from consensus.core.answers.shares import wilson_interval
from ml_assist.learners import LEARNERS, CannotLearn, Content, Example, learner_named, learner_of
from ml_assist.learners.base import pack
from ml_assist.learners.image import ImageChoice
from ml_assist.learners.linear import fit_head, fit_temperature
from ml_assist.learners.text import TextChoice, normalised, words
from ml_assist.metrics import expected_calibration_error, measure
from tests.ml import data

LABELS = ["bad", "good"]


def accuracy(learner, examples) -> float:
    predictions = learner.predict([example.content for example in examples])
    return measure(predictions, [example.label for example in examples])["accuracy"]


def trained(examples, labels=LABELS, kind=TextChoice):
    learner = kind(labels)
    learner.fit(examples)
    return learner


@pytest.mark.parametrize("sentences", [data.english, data.chinese, data.cantonese])
def test_text_beats_the_majority_by_far_in_scripts_with_and_without_spaces(sentences):
    learner = trained(sentences(60, seed=1))
    assert accuracy(learner, sentences(200, seed=2)) >= 0.95  # half of them are "good"


def test_pictures_beat_the_majority():
    learner = trained(data.shapes(90, seed=1), data.SHAPES, ImageChoice)
    assert accuracy(learner, data.shapes(60, seed=2)) >= 0.6  # a third of them are discs


def test_nothing_to_learn_is_said_with_little_confidence():
    """The control: on coin-flip labels the model must not be sure of anything."""
    learner = trained(data.noise(200, seed=1))
    predictions = learner.predict([example.content for example in data.noise(200, seed=2)])
    assert max(prediction.confidence for prediction in predictions) < 0.8
    assert sum(prediction.confidence for prediction in predictions) / 200 < 0.6


@pytest.mark.parametrize(
    ("kind", "labels", "examples"),
    [(TextChoice, LABELS, data.chinese(40)), (ImageChoice, data.SHAPES, data.shapes(24))],
    ids=["text", "image"],
)
def test_saved_and_loaded_it_predicts_the_same_and_the_same_examples_give_the_same_bytes(kind, labels, examples):
    learner = trained(examples, labels, kind)
    contents = [example.content for example in examples]
    saved = learner.save()
    assert kind.load(saved).predict(contents) == learner.predict(contents)
    assert trained(examples, labels, kind).save() == saved


def test_what_is_like_nothing_it_learned_from_it_is_not_sure_of():
    """All its training sentences are told apart without a mistake, and still a stranger's words get no confident label."""
    learner = trained(data.english(120))
    known, *strange = learner.predict(
        [
            Content(text=t)
            for t in ("I loved the soup wonderful", "xyzzy", "qwfp zxcv 12", "Ngiyabonga kakhulu", "今天天气", "")
        ]
    )
    assert known.confidence > 0.97
    assert max(prediction.confidence for prediction in strange) < 0.85


def test_probabilities_cover_all_labels_and_sum_to_one():
    learner = trained(data.english(20), ["bad", "good", "mixed"])
    [prediction] = learner.predict([Content(text="I loved the soup wonderful")])
    assert set(prediction.probabilities) == {"bad", "good", "mixed"}
    assert sum(prediction.probabilities.values()) == pytest.approx(1)
    assert prediction.probabilities["mixed"] == pytest.approx(1 / 3 / 21)  # never met: a third of the pseudo-example
    assert prediction.label == "good"
    assert prediction.confidence <= 1 - 2 / 3 / 21 + 1e-12


def test_a_weight_of_nearly_nothing_teaches_nearly_nothing():
    """Decisions that the crowd was unsure of must not outvote those it was sure of."""
    right = data.english(40, seed=1)
    wrong = [Example(e.content, "good" if e.label == "bad" else "bad", 0.01) for e in data.english(80, seed=2)]
    assert accuracy(trained(right + wrong), data.english(100, seed=3)) >= 0.95
    shouted = [Example(e.content, e.label) for e in wrong]
    assert accuracy(trained(right + shouted), data.english(100, seed=3)) <= 0.3


@pytest.mark.parametrize(
    ("examples", "why"),
    [
        ([], "no examples"),
        ([Example(Content(text="yes"), "good")] * 5, "same label"),
        ([Example(Content(text=" "), "good"), Example(Content(text=""), "bad")], "all empty"),
        ([Example(Content(text="a"), "ugly")], "ugly"),
    ],
)
def test_what_makes_no_model_is_refused_with_the_reason(examples, why):
    with pytest.raises(CannotLearn, match=why):
        trained(examples)


def test_one_example_a_label_is_enough_to_begin():
    learner = trained([Example(Content(text="lovely day"), "good"), Example(Content(text="awful day"), "bad")])
    assert [p.label for p in learner.predict([Content(text="lovely"), Content(text="awful")])] == ["good", "bad"]


def test_a_saved_model_of_another_method_or_with_pickles_in_it_is_refused():
    saved = trained(data.english(20)).save()
    with pytest.raises(ValueError, match="text-ngrams-linear/1"):
        ImageChoice.load(saved)
    evil = pack({"name": TextChoice.name}, {"columns": np.array([{"a": 1}], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle"):
        TextChoice.load(evil)


def test_a_saved_text_model_holds_no_text():
    saved = TextChoice.load(trained(data.english(40)).save())
    kept = [value for value in vars(saved).values() if not isinstance(value, list | int)]
    assert all(not isinstance(value, str | dict) for value in kept)
    assert saved.columns.dtype.kind == "i"


def test_words_of_scripts_without_spaces_are_their_signs():
    assert words(normalised("我好鍾意 the ＳＯＵＰ！")) == ["我", "好", "鍾", "意", "the", "soup", "!"]
    assert words("café naïve isiZulu2") == ["café", "naïve", "isiZulu2"]
    assert words("𠮷野家") == ["𠮷", "野", "家"]


def test_every_learner_names_itself_differently():
    names = [learner_of(medium, "choice").name for medium in LEARNERS]
    assert len(set(names)) == len(names)
    assert [learner_named(name).name for name in names] == names
    with pytest.raises(CannotLearn, match="no learner for mask on video"):
        learner_of("video", "mask")


def test_a_process_that_predicts_nothing_does_not_load_scikit_learn():
    import subprocess
    import sys

    look = "import sys; sys.path[:0] = ['.', 'platform']; import django; django.setup(); import api.views.label, ml_assist.tasks"
    look += "; print('sklearn' in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "server.settings", "ILIMA_TESTING": "1", "PATH": "/usr/bin:/bin"}
    assert subprocess.run([sys.executable, "-c", look], env=environment, capture_output=True).stdout == b"False\n"


def test_a_rotated_fit_is_the_fit_itself():
    """More features than rows are rotated into their span; the same rows with the features they came from agree."""
    from ml_assist.learners import linear

    rng = np.random.default_rng(0)
    codes = np.arange(60) % 3
    features = rng.normal(size=(60, 200)) + rng.normal(size=(3, 200))[codes]
    rotated = fit_head(features, codes, np.ones(60), 3, (0.1,), 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear, "_rotated", lambda rows: (rows, None))
        plain = fit_head(features, codes, np.ones(60), 3, (0.1,), 0)
    fresh = rng.normal(size=(40, 200))
    assert np.allclose(rotated.scores(fresh), plain.scores(fresh), atol=2e-2)
    assert rotated.temperature == pytest.approx(plain.temperature, rel=1e-2)


def test_temperature_calibrates_overconfident_scores():
    """Scores drawn from a known model and then tripled: the temperature finds the three."""
    rng = np.random.default_rng(1)
    true = rng.normal(size=(20_000, 3))
    shares = np.exp(true) / np.exp(true).sum(axis=1, keepdims=True)
    codes = (shares.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    temperature, loss = fit_temperature(true * 3, codes, np.ones(20_000))
    assert temperature == pytest.approx(3, rel=0.05)
    assert loss == pytest.approx(-np.log(shares[np.arange(20_000), codes]).mean(), rel=1e-3)


def test_metrics_by_hand():
    assert expected_calibration_error([0.95, 0.95, 0.55, 0.55], [True, True, True, False]) == pytest.approx(0.05)
    low, high = wilson_interval(8, 10)  # Wilson's interval as in the R function binom::binom.wilson
    assert (low, high) == (pytest.approx(0.4901625), pytest.approx(0.9433178))
    assert wilson_interval(0, 0) == (0.0, 1.0)
