"""Keypoints: a skeleton as a setting, typed as a text and read again; every ready-made one can be hashed, as all settings are."""

import pytest

from labelling import catalogue, task_types
from labelling.task_types.errors import BadSetting
from labelling.task_types.keypoints.settings import read_skeleton, write_skeleton
from labelling.task_types.keypoints.skeleton import asked_of, sigma_of
from proofs import canonical_bytes

TEXT = "nose 26000 @50,7: Nose / Ikhala\nleft_ear <> right_ear: Left ear\nright_ear <> left_ear @40,6: Right ear\nnose - left_ear"


def test_a_typed_skeleton_is_written_as_it_was_read():
    read = read_skeleton(TEXT)
    assert read["points"][0] == {
        "id": "nose",
        "name": {"en": "Nose", "zu": "Ikhala"},
        "sigma_ppm": 26_000,
        "at": [50, 7],
    }
    assert (read["edges"], write_skeleton(read)) == ([["nose", "left_ear"]], TEXT)
    asked = asked_of({"skeleton": read})
    assert (asked.edges, asked.mirrored) == ([(0, 1)], [0, 2, 1])
    assert asked.sigma.tolist() == [0.026, 0.035, 0.035]
    assert sigma_of("left_hoof") == 0.06
    assert read_skeleton("\n") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT + "\nwhat is this", "Line 5 is neither"),
        ("a: A\na: B", "Two points have the id a"),
        ("a <> b: A\nb: B", "The mirror of a"),
        ("a: A\nb: B\na - c", "The line a - c"),
    ],
)
def test_what_does_not_hold_together_is_refused(text, said):
    with pytest.raises(BadSetting, match=said):
        task_types.get("keypoints").check_config({"skeleton": read_skeleton(text)})


def test_the_settings_of_every_entry_can_be_hashed():
    for entry in catalogue.entries():
        assert canonical_bytes(entry["config"])
