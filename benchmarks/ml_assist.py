"""Accuracy against the number of labels, our learners beside the plain scikit-learn recipe on the same splits.

    python benchmarks/ml_assist.py MEDIA_DIR [--seeds 3] [--only NAME] [--orders]

MEDIA_DIR holds text/<set>/*.csv and classification/<set>/{images/,labels.csv}. Text baselines: TfidfVectorizer() +
LogisticRegression() with their defaults, and the same with char_wb 2-5 grams. Picture baseline: 32 x 32 pixels +
LogisticRegression. One thread; every figure is a mean over the seeds.
"""

import argparse
import csv
import io
import random
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from ml_assist.learners import Content, Example, learner_of
from ml_assist.metrics import measure
from ml_assist.ordering import Guess, most_informative_first

SIZES = (25, 50, 100, 200, 400, 800, 1600)
TEST_SHARE = 0.25


def rows_of(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(path: Path, text: str, label: Callable[[dict], str]) -> list[Example]:
    return [Example(Content(text=row[text]), label(row)) for row in rows_of(path) if row[text].strip()]


def pictures(folder: Path) -> list[Example]:
    rows = rows_of(folder / "labels.csv")
    return [Example(Content(image=(folder / "images" / row["file"]).read_bytes()), row["label"]) for row in rows]


def data_sets(media: Path) -> dict[str, Callable[[], tuple[str, list[Example]]]]:
    text = media / "text"
    return {
        "sentiment-en": lambda: (
            "text",
            texts(text / "sentiment-en-sentences/sentences.csv", "text", lambda r: r["label"]),
        ),
        "topic-banking77": lambda: ("text", texts(text / "topic-banking77/queries.csv", "text", lambda r: r["label"])),
        "moderation-zh": lambda: (
            "text",
            texts(text / "moderation-zh-cold/comments.csv", "text", lambda r: r["label"]),
        ),
        "stars-zh": lambda: (
            "text",
            texts(
                text / "sentiment-zh-asap/reviews.csv",
                "reviewbody",
                lambda r: "good" if float(r["star"]) > 3.5 else "not good",
            ),
        ),
        "sentiment-swa": lambda: (
            "text",
            texts(text / "sentiment-african-afrisenti/swa.csv", "text", lambda r: r["label"]),
        ),
        "clothing-10": lambda: ("image", pictures(media / "classification/clothing-10")),
    }


def pixels(content: Content) -> np.ndarray:
    with Image.open(io.BytesIO(content.image)) as picture:
        return np.asarray(picture.convert("RGB").resize((32, 32)), dtype=np.float64).ravel() / 255


def baselines(medium: str) -> dict[str, Callable[[Sequence[Example], Sequence[Example]], float]]:
    def score(pipeline, content: Callable) -> Callable:
        def run(train, test) -> float:
            pipeline.fit([content(e.content) for e in train], [e.label for e in train])
            return float(pipeline.score([content(e.content) for e in test], [e.label for e in test]))

        return run

    if medium == "image":
        plain = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
        return {"pixels+LR": score(plain, pixels)}
    by_character = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    return {
        "TF-IDF+LR": score(make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000)), lambda c: c.text),
        "char+LR": score(make_pipeline(by_character, LogisticRegression(max_iter=1000)), lambda c: c.text),
    }


def compare(name: str, medium: str, examples: list[Example], seeds: int) -> None:
    labels = sorted({example.label for example in examples})
    others = baselines(medium)
    print(f"\n{name}: {len(examples)} examples, {len(labels)} labels")
    print(
        f"{'labels':>7} {'ours':>6} {'ece':>6} {'fit s':>6} {'ms each':>8} "
        + " ".join(f"{other:>10}" for other in others)
    )
    room = int(len(examples) * (1 - TEST_SHARE))
    for size in [size for size in SIZES if size < room] + [room]:
        found = [_once(examples, labels, medium, others, size, seed) for seed in range(seeds)]
        ours, ece, fit_s, each_ms, *rest = np.mean(found, axis=0)
        print(
            f"{size:>7} {ours:6.3f} {ece:6.3f} {fit_s:6.2f} {each_ms:8.2f} "
            + " ".join(f"{value:10.3f}" for value in rest),
            flush=True,
        )


def _once(examples, labels, medium, others, size, seed) -> list[float]:
    shuffled = random.Random(seed).sample(examples, len(examples))
    n_test = int(len(examples) * TEST_SHARE)
    test, train = shuffled[:n_test], shuffled[n_test : n_test + size]
    learner = learner_of(medium, "choice")(labels)
    started = time.perf_counter()
    learner.fit(train)
    fitted = time.perf_counter()
    predictions = learner.predict([example.content for example in test])
    each_ms = (time.perf_counter() - fitted) / n_test * 1000
    metrics = measure(predictions, [example.label for example in test])
    return [metrics["accuracy"], metrics["ece"], fitted - started, each_ms] + [
        run(train, test) for run in others.values()
    ]


def compare_orders(name: str, medium: str, examples: list[Example], seeds: int) -> None:
    """Labels asked in a random order, and in the order in which the model of each round asks for the next."""
    found: dict[int, list[tuple[float, float]]] = {}
    for seed in range(seeds):
        at_random, by_model = _rounds(examples, medium, seed, False), _rounds(examples, medium, seed, True)
        for (size, random_accuracy), (_, model_accuracy) in zip(at_random, by_model, strict=True):
            found.setdefault(size, []).append((random_accuracy, model_accuracy))
    print(f"\n{name}: order of asking\n{'labels':>7} {'random':>7} {'model':>7}")
    for size, pairs in found.items():
        random_order, model_order = np.mean(pairs, axis=0)
        print(f"{size:>7} {random_order:7.3f} {model_order:7.3f}", flush=True)


def _rounds(examples: list[Example], medium: str, seed: int, by_model: bool) -> list[tuple[int, float]]:
    """[(labels, accuracy)], twice as many labels each round, from 50 to 400."""
    shuffled = random.Random(seed).sample(examples, len(examples))
    n_test = int(len(examples) * TEST_SHARE)
    test, pool = shuffled[:n_test], shuffled[n_test:]
    asked, rounds = list(range(50)), []
    while len(asked) <= 400:
        learner = learner_of(medium, "choice")(sorted({example.label for example in examples}))
        learner.fit([pool[place] for place in asked])
        predictions = learner.predict([example.content for example in test])
        rounds.append((len(asked), measure(predictions, [example.label for example in test])["accuracy"]))
        rest = sorted(set(range(len(pool))) - set(asked))
        if by_model:
            guesses = learner.predict([pool[place].content for place in rest])
            rest = most_informative_first([Guess(i, g.label, g.confidence) for i, g in zip(rest, guesses, strict=True)])
        asked += rest[: len(asked)]
    return rounds


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("media", type=Path)
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--only")
    arguments.add_argument("--orders", action="store_true", help="compare orders of asking instead")
    chosen = arguments.parse_args()
    warnings.simplefilter("ignore", UserWarning)  # of the baselines: "many classes for few samples"
    with threadpool_limits(1):
        for name, read in data_sets(chosen.media).items():
            if chosen.only in (None, name):
                (compare_orders if chosen.orders else compare)(name, *read(), chosen.seeds)


if __name__ == "__main__":
    main()
