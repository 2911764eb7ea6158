"""Audacity, RTTM, TextGrid, WebVTT and SRT: what is written is what their readers read; segments come back as the truth of their sound."""

import io
import zipfile

import pytest

from intake.media import store
from labelling.formats import EXPORTS
from labelling.formats.textgrid.read import read as read_textgrid
from labelling.formats.webvtt.read import read as read_webvtt
from labelling.models import Gold, Item
from tests.formats.decided import built, crew, decide, downloaded, new_batch, new_item
from tests.formats.worlds import file, new_dataset, remarks, upload_one, zipped
from tests.intake.files import tone
from tests.servers import SHARED

FORMATS = ["audacity", "rttm", "textgrid", "webvtt", "srt"]
SEGMENTS = [
    {"label": "neg", "start_ms": 0, "end_ms": 700},
    {"label": "pos", "start_ms": 400, "end_ms": 1234},
    {"label": "pos", "start_ms": 1000, "end_ms": 2000},
]


@pytest.fixture
def sounds(db):
    """Two recordings, one of them decided to hold nothing, and what they are called."""
    dataset = new_dataset("audio", "segments")
    batch, workers, contents = new_batch(dataset), crew(2), {}
    for number, (name, value) in enumerate({"day one/thandi.wav": SEGMENTS, "day one/quiet.wav": []}.items()):
        contents[name] = tone(3, 16_000 + number)
        media = store(dataset.project.organisation_id, io.BytesIO(contents[name]), name)
        item = new_item(dataset, number, payload={}, media=media, file_name=name)
        decide(item, batch, {"segments": value}, workers)
    return dataset, contents


def beside_of(name: str, content: bytes) -> dict[str, bytes]:
    if EXPORTS[name].extension != "zip":
        return {f"all.{EXPORTS[name].extension}": content}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


@pytest.mark.parametrize("name", FORMATS)
def test_segments_come_back_to_the_millisecond(name, sounds):
    dataset, contents = sounds
    written = beside_of(name, downloaded(built(dataset), name))
    made = upload_one(new_dataset("audio", "segments", name="Other"), file("back.zip", zipped(contents | written)))
    assert (made.rows_added, made.rows_refused) == (2, 0)
    golds = {one.item.file_name: one.truth["segments"] for one in Gold.objects.filter(project=made.dataset.project)}
    assert golds.pop("day one/thandi.wav") == SEGMENTS
    # RTTM and Audacity can say nothing of a sound in which nothing is; the others have a file without marks for it.
    assert golds == ({} if name in ("rttm", "audacity") else {"day one/quiet.wav": []})


def test_they_are_written_as_their_standards_have_it(sounds):
    dataset, _ = sounds
    release = built(dataset)
    said = {name: beside_of(name, downloaded(release, name)) for name in FORMATS}
    assert said["audacity"] == {
        "day one/thandi.txt": b"0.000000\t0.700000\tNegative\n0.400000\t1.234000\tPositive\n1.000000\t2.000000\tPositive\n"
    }
    assert said["rttm"]["all.rttm"].decode().splitlines()[1] == (
        "SPEAKER day_one/thandi 1 0.400 0.834 <NA> <NA> Positive <NA> <NA>"
    )
    assert (
        said["webvtt"]["day one/thandi.vtt"]
        .decode()
        .startswith("WEBVTT\n\n1\n00:00:00.000 --> 00:00:00.700\nNegative\n\n2\n")
    )
    assert said["srt"]["day one/thandi.srt"].decode().startswith("1\n00:00:00,000 --> 00:00:00,700\nNegative\n\n2\n")
    grid = said["textgrid"]["day one/thandi.TextGrid"].decode()
    assert "size = 3" in grid, "a label that lies over itself has two tiers"
    assert grid.count("xmax = 3.000") >= 4
    assert 'intervals [1]:\n            xmin = 0.000\n            xmax = 0.400\n            text = ""' in grid


def test_what_a_file_states_and_the_sound_cannot_have_costs_itself(db):
    content = tone(3)
    lines = "0.5\t1.5\tPositive\n\\\t100\t200\n2\t2\tPositive\n2.5\t9\tneg\n1\t2\tTram\n1\t2\n7\t9\tneg\n"
    made = upload_one(
        new_dataset("audio", "segments"), file("x.zip", zipped({"a.wav": content, "a.txt": lines.encode()}))
    )
    [gold] = Gold.objects.filter(project=made.dataset.project)
    assert gold.truth["segments"] == [
        {"label": "pos", "start_ms": 500, "end_ms": 1500},
        {"label": "neg", "start_ms": 2500, "end_ms": 3000},
    ]
    said = " ".join(sentence for _, _, sentence in remarks(made))
    assert "Segment 3 reaches beyond the sound" in said
    for number, why in ((2, "too short"), (4, "no label Tram"), (5, "no label for it"), (6, "not in the sound")):
        assert f"Segment {number} was left out: " in said
        assert why in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.rttm", b"SPEAKER a 1 soon 2 <NA> <NA> pos <NA> <NA>\n"),
        ("a.rttm", b"SPEAKER a 1\n"),
        ("a.vtt", b"WEBVTT\n\nsoon --> later\nPositive\n"),
        ("a.srt", b"1\n00:00:00 --> 00:00:01\nPositive\n"),
        ("a.TextGrid", b'File type = "ooTextFile"\nObject class = "TextGrid"\n0 3 <exists> 1 "IntervalTier" "x" 0 3 99999 0 1 "pos"'),
        ("a.TextGrid", b'File type = "ooTextFile"\nObject class = "Sound"\n'),
        ("a.TextGrid", b'File type = "ooTextFile"\n\xff\xff'),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_and_costs_no_sound(db, name, content):
    made = upload_one(new_dataset("audio", "segments"), file("x.zip", zipped({"a.wav": tone(3), name: content})))
    assert (made.state, made.rows_added) == ("done", 1)
    assert any("beside it was left out" in sentence for _, _, sentence in remarks(made))
    assert not Gold.objects.exists()


def test_praat_writes_long_and_short_in_two_encodings():
    short = (
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n3\n<exists>\n1\n"IntervalTier"\n"who [1]"\n0\n3\n2\n'
    )
    short += '0\n1.5\n"say ""ja"" 2"\n1.5\n3\n""\n'
    for encoding in ("utf-8", "utf-16"):
        _, found = read_textgrid(short.encode(encoding), [])
        assert [(one.labels, one.start_ms, one.end_ms) for one in found.marks] == [(('say "ja" 2', "who [1]"), 0, 1500)]


def test_a_voice_is_a_label_and_hours_are_optional():
    _, found = read_webvtt(
        b"WEBVTT - talk\n\nNOTE x\n\n01:02.500 --> 01:04.000 line:0\n<v.loud Thandi N>Hi <i>you</i> &amp; me\n", []
    )
    [one] = found.marks
    assert (one.labels, one.start_ms, one.end_ms) == (("Thandi N", "Hi you & me"), 62_500, 64_000)


MEETING = SHARED / "data" / "media" / "audio" / "meeting-diarisation"


@pytest.mark.skipif(not MEETING.exists(), reason="the shared meetings (../shared/data/media) are absent")
def test_turns_of_a_real_meeting_come_in_and_go_out_as_they_were(db):
    dataset = new_dataset("audio", "segments")
    names = ("MEE009", "MEE012")
    dataset.project.config = {"labels": [{"id": name.lower(), "name": {"en": name}} for name in names]}
    dataset.project.save()
    files = {name: (MEETING / name).read_bytes() for name in ("dev00.flac", "dev00.rttm")}
    made = upload_one(dataset, file("x.zip", zipped(files)))
    assert (made.rows_added, made.rows_refused) == (1, 0)
    turns = [line.split() for line in files["dev00.rttm"].decode().splitlines()]
    given = [
        (turn[7].lower(), round(1000 * float(turn[3])), round(1000 * (float(turn[3]) + float(turn[4]))))
        for turn in turns
    ]
    truth = Gold.objects.get().truth
    assert [(one["label"], one["start_ms"], one["end_ms"]) for one in truth["segments"]] == given
    other = new_dataset("audio", "segments", name="Other")  # a known task is in no release
    other.project.config = dataset.project.config
    other.project.save()
    item = new_item(other, 1, payload={}, media=Item.objects.get().media, file_name="dev00.flac")
    decide(item, new_batch(other), truth, crew(2))
    assert downloaded(built(other), "rttm") == files["dev00.rttm"]
