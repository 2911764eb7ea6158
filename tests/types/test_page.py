"""docs/task_types.md says what the folders say, and no type lacks what every type is promised to have."""

import pytest

from labelling import task_types
from labelling.management.commands.write_task_types import CELLS, TO, page


def test_the_page_is_what_the_folders_say():
    assert TO.read_text(encoding="utf-8") == page(), "write it anew: ./run manage write_task_types"


@pytest.mark.parametrize("name", task_types.NAMES)
def test_every_type_can_be_begun_from_the_catalogue(name):
    assert CELLS["catalogue"](task_types.get(name)) != "none"
