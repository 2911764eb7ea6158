"""Reading ahead keeps the order, hands on failures, stops when nobody wants more; memory does not grow with the table."""

import tracemalloc

import pytest

from labelling.data.ahead import AHEAD, ahead
from labelling.data.checked import checker
from labelling.data.import_upload import _chunks, _results
from labelling.data.patience import Patience
from labelling.formats import csv, jsonl
from labelling.formats.rows import Row
from labelling.models import Project


def test_values_come_in_order():
    assert list(ahead(iter(range(1000)))) == list(range(1000))
    assert list(ahead(())) == []


def test_a_failure_comes_where_it_happened():
    def fails():
        yield 1
        raise ValueError("second")

    values = ahead(fails())
    assert next(values) == 1
    with pytest.raises(ValueError, match="second"):
        next(values)


def test_no_more_is_made_than_asked_for_and_a_few():
    made = []

    def endless():
        while True:
            made.append(1)
            yield len(made)

    values = ahead(endless())
    assert [next(values) for _ in range(5)] == [1, 2, 3, 4, 5]
    values.close()
    seen = len(made)
    assert seen <= 5 + AHEAD + 3
    assert len(made) == seen  # its thread is gone


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_reading_a_large_table_takes_no_more_memory_than_a_small_one(name, tmp_path):
    peaks = {rows: _peak_bytes(name, rows, tmp_path) for rows in (5_000, 50_000)}
    assert peaks[50_000] < peaks[5_000] + 1_000_000


def _peak_bytes(name: str, rows: int, folder) -> int:
    path = folder / f"{rows}.{name}"
    line = "{0},some text number {0}\n" if name == "csv" else '{{"id": {0}, "text": "some text number {0}"}}\n'
    path.write_text(("id,text\n" if name == "csv" else "") + "".join(line.format(i) for i in range(rows)))
    project = Project(task_type="choice", medium="text", config={"labels": []})
    read = {"csv": csv.read, "jsonl": jsonl.read}[name]
    tracemalloc.start()
    try:
        assert (
            sum(len(chunk) for chunk in _chunks(_results(read(path), checker(project, None), Patience(0, "")), 1_000))
            == rows
        )
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "sample", ["plain", 'with "quotes"', "two\nlines", "comma, semicolon; tab\t", " edges ", "貓 😀", "=1"]
)
def test_csv_comes_back_as_it_was_written(sample, tmp_path):
    import csv as standard

    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        standard.writer(out).writerows([["id", "text"], ["1", sample], ["2", "next"]])
    rows = list(csv.read(path))
    assert rows == [Row(1, "line 2", {"id": "1", "text": sample}), Row(2, rows[1].place, {"id": "2", "text": "next"})]
