"""JSON of strangers: how deeply it nests is bounded by us, wherever the interpreter's limit stands."""

import json
import sys

import pytest
from django.test import Client

from labelling.formats import json_values, jsonl
from labelling.formats.coco.read import read as read_coco
from labelling.formats.rows import BadTable, Refused, Row
from people.strict_json import MAX_DEPTH, TooDeep, read_json
from tests.worlds import sentiment_world

FAR = 200_000


@pytest.fixture
def high_limit():
    """As it is after the import of a library that moves it, py-evm for one: the parser alone would leave the stack, and end the process."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(FAR)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}"), ('{"[\\"":[', "]}")])
def test_depth_is_bounded_whatever_the_interpreter_allows(high_limit, left, right):
    with pytest.raises(TooDeep):
        read_json(left * FAR + "1" + right * FAR)
    with pytest.raises(TooDeep):
        read_json(left * FAR)
    fits = MAX_DEPTH // left.count("[") if left.count("{") == 0 else MAX_DEPTH // (1 + (left[-1] == "["))
    text = left * fits + "1" + right * fits
    assert read_json(text) == json.loads(text)


@pytest.mark.parametrize("text", ['"' + "[" * 500 + '"', '["\\"' + "{" * 500 + '"]', json.dumps([{"a": [1]}] * 500)])
def test_brackets_in_words_and_side_by_side_are_no_depth(text):
    assert read_json(text) == json.loads(text)


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "", "[" * 101 + '"', "\\" * 200])
def test_what_is_no_json_is_a_value_error(text):
    with pytest.raises(ValueError):  # noqa: PT011  whatever is wrong with it
        read_json(text)


DEEP = "[" * FAR + "]" * FAR


@pytest.mark.parametrize(
    "content", [f'{{"text": "a", "m": {DEEP}}}', f'[{{"text": "a"}}, {{"m": {DEEP}}}]', f'{{"rows": {DEEP}}}']
)
def test_no_row_of_a_file_ends_the_process(high_limit, tmp_path, content):
    path = tmp_path / "rows.json"
    path.write_text(content)
    for reader in (jsonl.read, json_values.read):
        rows = refusals = 0
        try:
            for one in reader(path):
                rows += isinstance(one, Row)
                refusals += isinstance(one, Refused)
        except BadTable:
            refusals += 1
        assert rows <= 1
        assert refusals == 1


def test_no_coco_file_ends_the_process(high_limit, tmp_path):
    path = tmp_path / "coco.json"
    path.write_text(f'{{"images": [{DEEP}]}}')
    with pytest.raises(BadTable, match="nested"):
        list(read_coco(path))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/me", "/_allauth/app/v1/auth/code/request"])
def test_no_body_ends_the_process(high_limit, path):
    client = Client(raise_request_exception=False)
    client.force_login(sentiment_world().requester)
    for body in ("[" * FAR, '{"a":' * FAR, '{"email": ' + "[" * 900 + "]" * 900 + "}"):
        send = client.patch if path.endswith("/me") else client.post
        assert send(path, body, content_type="application/json").status_code == 400
