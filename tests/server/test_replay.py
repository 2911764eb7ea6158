"""Replay: a folder becomes a crowd, a crowd's labels are scored, and the command goes through the whole platform."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from server.replay.crowds import Crowd, CrowdError, read_crowd, simulate
from server.replay.score import plain_methods, score
from tests.whole_platform import manage, whole_platform

LABELS = [("1", "ann", "cat"), ("1", "bob", "dog"), ("1", "cid", "cat"), ("2", "ann", "dog"), ("2", "bob", "dog")]


def write_table(path: Path, columns: str, rows: list[tuple]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([columns.split(","), *rows])


def recorded(folder: Path, labels=LABELS, truth=(("1", "cat"), ("2", "dog")), column: str = "label") -> Path:
    write_table(folder / "labels.csv", f"task,worker,{column}", labels)
    write_table(folder / "truth.csv", f"task,{column}", list(truth))
    return folder


# --- reading ----------------------------------------------------------------------------------------------------------
def test_a_table_of_labels_is_a_crowd(tmp_path):
    crowd = read_crowd(recorded(tmp_path, [*LABELS, ("1", "ann", "dog"), ("2", "cid", " ")]))
    assert (crowd.kind, crowd.labels, crowd.tasks, crowd.workers) == (
        "choice",
        ["cat", "dog"],
        ["1", "2"],
        ["ann", "bob", "cid"],
    )
    assert crowd.answers == [(task, worker, {"label": label}) for task, worker, label in LABELS]  # the first one counts
    assert (crowd.most_answers, crowd.truth["2"]) == (3, {"label": "dog"})
    assert read_crowd(tmp_path, limit=1).tasks == ["1"]


def test_a_packed_table_is_read_too_and_texts_are_texts(tmp_path):
    recorded(tmp_path, [("1", "ann", "hello there")], [("1", "hello")], column="text")
    (tmp_path / "labels.csv.gz").write_bytes(gzip.compress((tmp_path / "labels.csv").read_bytes()))
    (tmp_path / "labels.csv").unlink()
    crowd = read_crowd(tmp_path)
    assert (crowd.kind, crowd.answers, crowd.labels) == ("text", [("1", "ann", {"text": "hello there"})], [])


def test_boxes_come_from_json_lines_in_whole_pixels(tmp_path):
    (tmp_path / "labels.jsonl").write_text('{"task": "1", "worker": "ann", "boxes": [[-1.2, 2.6, 10.4, 0.2]]}\n')
    (tmp_path / "truth.jsonl").write_text('{"task": "1", "boxes": []}\n')
    crowd = read_crowd(tmp_path)
    assert (crowd.kind, crowd.size_px) == ("boxes", (11, 4))
    assert crowd.answers[0][2] == {"boxes": [{"label": "object", "x": 0, "y": 3, "width": 10, "height": 1}]}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "labels.csv is missing: a crowd needs it."),
        ({"labels.csv": "task,worker,label\n1,a,x\n"}, "truth.csv is missing: a crowd needs it."),
        ({"labels.csv": "task,worker,label\n"}, "labels.csv holds no rows."),
        ({"labels.csv": "item,worker,label\n1,a,x\n"}, "labels.csv needs the columns task, worker and label (or text)."),
        ({"labels.jsonl": '{"boxes": []}\n'}, "truth.jsonl is missing: a crowd needs it."),
        ({"labels.jsonl": "no json\n"}, "labels.jsonl must hold one JSON object a line."),
        (
            {"labels.jsonl": '{"task": "1"}\n', "truth.jsonl": "{}\n"},
            "labels.jsonl holds no boxes: only boxes are replayed from JSON lines.",
        ),
    ],
)  # fmt: skip
def test_what_is_no_crowd_is_told_in_one_sentence(tmp_path, files, said):
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(CrowdError) as refused:
        read_crowd(tmp_path)
    assert str(refused.value) == f"{tmp_path}/{said}"


# --- simulating -------------------------------------------------------------------------------------------------------
def test_simulated_workers_are_right_as_often_as_stated():
    crowd = simulate(tasks=2000, workers=4, skills=[0.9, 0.6], each=3)
    assert set(Counter(task for task, _, _ in crowd.answers).values()) == {3}
    right, given = Counter(), Counter()
    for task, worker, value in crowd.answers:
        given[worker] += 1
        right[worker] += value == crowd.truth[task]
    shares = [right[worker] / given[worker] for worker in ("w0", "w1", "w2", "w3")]
    assert shares == pytest.approx([0.9, 0.6, 0.9, 0.6], abs=0.05)  # four standard deviations
    assert simulate(20, 4, [0.9], 3).answers == simulate(20, 4, [0.9], 3).answers
    assert simulate(20, 2, [0.9], 3).most_answers == 2  # nobody is asked twice


@pytest.mark.parametrize("wrong", [{"tasks": 0}, {"workers": 0}, {"each": 0}, {"skills": []}, {"skills": [0.9, 1.1]}])
def test_a_crowd_that_cannot_be_is_refused(wrong):
    with pytest.raises(CrowdError):
        simulate(**{"tasks": 1, "workers": 1, "skills": [0.8], "each": 1, **wrong})


# --- scoring ----------------------------------------------------------------------------------------------------------
def test_scores_by_hand():
    votes = [("1", "ann", {"label": "Cat"}), ("1", "bob", {"label": "Dog"}), ("2", "ann", {"label": "Dog"})]
    crowd = Crowd(
        "c", "choice", votes, {"1": {"label": "Cat"}, "2": {"label": "Dog"}, "9": {"label": "Dog"}}, ["Cat", "Dog"]
    )
    assert score(crowd, {"1": {"label": "cat"}}) == {"accuracy": 0.5}  # what is undecided is wrong
    assert plain_methods(crowd)["majority_accuracy"] == 0.75  # a tie is right half of the time
    boxes = [{"label": "object", "x": x, "y": 0, "width": 10, "height": 10} for x in (0, 100)]
    crowd = Crowd("c", "boxes", [("1", "ann", {"boxes": []})], {"1": {"boxes": boxes}}, ["object"], (200, 20))
    assert score(crowd, {"1": {"boxes": boxes[:1]}}) == {"f1_at_50": pytest.approx(2 / 3)}
    crowd = Crowd("c", "text", [("1", "ann", {"text": "a"})], {"1": {"text": "one two three four"}})
    assert score(crowd, {"1": {"text": "One two tree."}}) == {"wer": 0.5}


# --- the command ------------------------------------------------------------------------------------------------------
def figures_of(platform, folder: Path, *arguments: str) -> dict:
    out = folder / "figures.json"
    manage(platform, "replay", *arguments, "--clients", "4", "--pay-out", "--json", str(out))
    return json.loads(out.read_text())


@pytest.mark.slow
def test_the_command_replays_a_folder_and_plans_with_a_simulated_crowd(tmp_path):
    crowd = simulate(tasks=40, workers=9, skills=[0.95, 0.9, 0.55], each=4, seed=2)
    labels = [(task, worker, value["label"]) for task, worker, value in crowd.answers]
    recorded(tmp_path, labels, [(task, fact["label"]) for task, fact in crowd.truth.items()])
    with whole_platform(23000) as platform:
        replayed = figures_of(platform, tmp_path, str(tmp_path))
        planned = figures_of(platform, tmp_path, "--workers", "6", "--skill", "0.9", "0.8", "--tasks", "30", "--each", "3",
                             "--stop-when-sure", "--base-micro", "50000", "--task-s", "20")  # fmt: skip
        manage(platform, "audit_ledger")
    assert (replayed["items"], replayed["decided"], replayed["answers_recorded"]) == (40, 40, 160)
    assert replayed["answers_used"] == 160
    assert replayed["ours_accuracy"] >= replayed["majority_accuracy"]
    assert planned["items"] == planned["decided"] == 30
    assert 60 <= planned["answers_used"] <= 90  # two where they agree, three where not
    assert planned["ours_accuracy"] > 0.8
    for figures, base_micro in ((replayed, 100_000), (planned, 50_000)):
        assert figures["earned_micro"] == figures["spent_micro"] == base_micro * figures["answers_used"]
        assert figures["paid_out_micro"] == figures["earned_micro"]
        assert (figures["held_by_workers_micro"], figures["payouts_under_way_micro"]) == (0, 0)
        assert figures["trial_balance_micro"] == {"USD": 0}
    assert replayed["wage_micro_per_hour"] == 36_000_000
    assert planned["wage_micro_per_hour"] == 9_000_000
