"""The library's face: everything that it names is there, and it needs no more than numpy and SciPy to be imported."""

import subprocess
import sys
from pathlib import Path

import pytest

from consensus import core as cc

ROOT = Path(__file__).parents[2]
WITHOUT = """
import sys


class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("shapely", "rapidfuzz"):
            raise ImportError(f"{name} is not there")


sys.meta_path.insert(0, Blocked())
from consensus import core as cc
"""
LABELS_AND_BOXES = """
votes = cc.Votes.from_rows(["a", "a", "b"], ["ann", "bob", "ann"], ["cat", "cat", "dog"])
assert cc.Ensemble().fit(votes).decide(votes).values == {"a": "cat", "b": "dog"}
marks = cc.Marks.from_rows(["a", "a"], ["ann", "bob"], [[(1, 1, 20, 20)]] * 2)
assert len(cc.Boxes().fit(marks).decide(marks).values["a"]) == 1
assert cc.metrics.krippendorff_alpha and cc.spam.find_abuse and cc.stopping.Rule
"""


def run(program):
    return subprocess.run([sys.executable, "-c", WITHOUT + program], cwd=ROOT, capture_output=True, text=True)


def test_numpy_and_scipy_are_enough_but_for_polygons_and_texts():
    done = run(LABELS_AND_BOXES)
    assert done.returncode == 0, done.stderr
    for lost, name in (
        ("shapely", "Polygons().fit(cc.Marks.from_rows('a', 'b', [[[(0, 0), (9, 0), (9, 9)]]]))"),
        ("rapidfuzz", "Rover"),
    ):
        done = run(f"cc.{name}")
        assert done.returncode != 0
        assert f"{lost} is not there" in done.stderr


def test_every_name_of_the_face_is_there():
    for name in cc.__all__:
        assert getattr(cc, name) is not None
    assert set(cc.__all__) <= set(dir(cc))
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = cc.nothing_like_it
