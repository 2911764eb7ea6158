"""The words of an item, as the index over them was made: a faster way to make them gives the same ones."""

import json
from importlib import import_module

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from labelling.models.words import _PARTING
from tests.roles import as_owner

pytestmark = pytest.mark.django_db
MIGRATION = import_module("labelling.migrations.0038_words_in_a_third_of_the_time")
BEFORE = import_module("labelling.migrations.0036_parts_of_items")._NOW
LETTERS = st.sampled_from([*"aB9ßé é\u0301", *_PARTING, *"ไทยไ你好한국\u2003\u200d🙂", "x" * 61, "Ы" * 70])
TEXT = st.lists(LETTERS, max_size=40).map("".join)
CELL = st.one_of(TEXT, st.none(), st.booleans(), st.integers(-9, 9), st.floats(-1e3, 1e3))
METADATA = st.dictionaries(
    TEXT, st.one_of(CELL, st.lists(CELL, max_size=3), st.dictionaries(TEXT, CELL, max_size=2)), max_size=3
)
PARTS = st.lists(
    st.one_of(TEXT.map(lambda text: {"text": text}), TEXT.map(lambda text: {"json": text}), st.just({})), max_size=3
)


def test_the_signs_that_part_words_are_those_that_are_asked_by():
    assert MIGRATION.PARTING == _PARTING


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, TEXT), min_size=20, max_size=20))
@example([("", "]^-[\\"), ("a" * 200, "你好" * 30_000)])
def test_words_are_what_they_were_to_the_letter(pairs):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(BEFORE.replace("labelling_words(", "pg_temp.words_before("))
        cursor.execute(
            "SELECT text FROM unnest(%s::text[], %s::text[]) AS r(name, text),"
            " LATERAL (SELECT jsonb_build_object('text', text) AS p, jsonb_build_object('k', name) AS m) AS said"
            " WHERE labelling_words(7, name, text, p, m) IS DISTINCT FROM pg_temp.words_before(7, name, text, p, m)"
            " OR labelling_words(7, name, '', '{}', '{}') IS DISTINCT FROM pg_temp.words_before(7, name, '', '{}', '{}')",
            [[name for name, _ in pairs], [text for _, text in pairs]],
        )
        assert cursor.fetchall() == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PARTS, METADATA), min_size=20, max_size=20))
@example([([], {"a": 'tab\tquote"back\\slash', "b": None, "c": {"d": None}}), ([{"text": "nullify"}], {"e": "null"})])
@example([([{"text": "a" * 49_990}], {"a": "b c", "d": "e f"})])
def test_so_are_those_of_parts_and_of_whatever_stands_beside_an_item(pairs):
    rows = json.dumps([{"p": {"parts": parts}, "m": metadata} for parts, metadata in pairs])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(BEFORE.replace("labelling_words(", "pg_temp.words_before("))
        cursor.execute(
            "SELECT p, m FROM jsonb_to_recordset(%s::jsonb) AS r(p jsonb, m jsonb)"
            " WHERE labelling_words(7, 'n', 'a/b', p, m) IS DISTINCT FROM pg_temp.words_before(7, 'n', 'a/b', p, m)",
            [rows],
        )
        assert cursor.fetchall() == []
