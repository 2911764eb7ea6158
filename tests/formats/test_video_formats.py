"""MOT and CVAT for video: every object in every frame in which it is there, by frame numbers that are those of the clip."""

import io
import json
import zipfile
from xml.etree import ElementTree

import pytest

from intake.models import Media
from labelling.data.tables import table_kind
from labelling.formats import FORMATS
from labelling.formats.activity_net.read import is_one, of_many
from labelling.formats.clips import box_at
from labelling.formats.rows import BadTable
from labelling.formats.stretches import Stretch, Stretches
from labelling.task_types.drawing import Track
from tests.formats.decided import built, crew, decide, downloaded, new_batch, new_item
from tests.formats.worlds import new_dataset

TRACKS = [
    {"label": "pos", "keys": [[0, 0, 0, 100, 50], [400, 40, 0, 100, 50]]},
    {"label": "neg", "keys": [[3960, 10, 20, 30, 40]]},
]


@pytest.fixture
def written(db):
    """100 frames of 40 ms."""
    dataset = new_dataset("video", "tracks")
    media = Media.objects.create(
        kind="video", sha256="5" * 64, organisation_id=dataset.project.organisation_id, original="x", content_type="video/mp4",
        size_bytes=1, width_px=640, height_px=360, duration_ms=4000, variants={"video": {"name": "x", "frames": 100}},
    )  # fmt: skip
    item = new_item(dataset, 1, payload={}, media=media, file_name="day one/cars.mp4")
    decide(item, new_batch(dataset), {"tracks": TRACKS}, crew(2))
    release = built(dataset)

    def files(name: str) -> dict[str, str]:
        with zipfile.ZipFile(io.BytesIO(downloaded(release, name))) as archive:
            return {one: archive.read(one).decode() for one in archive.namelist()}

    return files


def test_both_say_every_object_by_its_frames(written):
    mot = written("mot")
    lines = mot["day one/cars/gt/gt.txt"].splitlines()
    assert len(lines) == 12
    assert lines[0] == "1,1,0.00,0.00,100.00,50.00,1,2,1.0"
    assert lines[5] == "6,1,20.00,0.00,100.00,50.00,1,2,1.0", "half of the way at frame 6 of 11"
    assert lines[-1] == "100,2,10.00,20.00,30.00,40.00,1,1,1.0"
    assert mot["day one/cars/gt/labels.txt"] == "Negative\nPositive\n"
    assert "frameRate=25\nseqLength=100\nimWidth=640\nimHeight=360\n" in mot["day one/cars/seqinfo.ini"]
    [(name, content)] = written("cvat-video").items()
    tree = ElementTree.fromstring(content)
    assert (name, tree.findtext("version"), tree.findtext("meta/task/size")) == ("day one/cars.xml", "1.1", "100")
    tracks = [
        (one.get("label"), [(box.get("frame"), box.get("outside"), box.get("xtl"), box.get("xbr")) for box in one])
        for one in tree.findall("track")
    ]
    assert tracks == [
        ("Positive", [("0", "0", "0.00", "100.00"), ("10", "0", "40.00", "140.00"), ("11", "1", "40.00", "140.00")]),
        ("Negative", [("99", "0", "10.00", "40.00")]),
    ]


def test_a_box_goes_in_a_straight_line_and_stays_at_its_ends():
    track = Track("x", ((0, 0, 0, 10, 10), (1000, 100, 50, 10, 20)))
    assert [box_at(track, ms) for ms in (-5, 500, 2000)] == [(0, 0, 10, 10), (50, 25, 10, 15), (100, 50, 10, 20)]
    assert box_at(Track("x", ((7, 1, 2, 3, 4),)), 100) == (1, 2, 3, 4)


def test_activity_net_has_all_clips_in_one_file_and_is_read_again(db):
    dataset, workers = new_dataset("video", "segments"), crew(2)
    batch, value = new_batch(dataset), {"segments": [{"label": "pos", "start_ms": 123, "end_ms": 1456}]}
    for n, segments in enumerate((value, {"segments": []})):
        media = Media.objects.create(
            kind="video", sha256=f"{n:064d}", organisation_id=dataset.project.organisation_id, original="x",
            content_type="video/mp4", size_bytes=1, width_px=640, height_px=360, duration_ms=4000,
        )  # fmt: skip
        decide(new_item(dataset, n, payload={}, media=media, file_name=f"day/{n}.mp4"), batch, segments, workers)
    content = downloaded(built(dataset), "activity-net")
    whole = json.loads(content)
    assert whole["database"]["day/0"] == {
        "subset": "training", "duration": 4.0, "resolution": "640x360", "url": "",
        "annotations": [{"segment": [0.123, 1.456], "label": "Positive"}],
    }  # fmt: skip
    assert [node["nodeName"] for node in whole["taxonomy"]] == ["Root", "Negative", "Positive"]
    assert is_one(content[:4096].decode(), "all.json")
    said = of_many(content)
    assert said["day/0"] == said["v_day/0"] == Stretches((Stretch(("Positive",), 123, 1456),))
    assert said["day/1"] == Stretches(())


TRUTH = {"version": "1.3", "database": {"a": {"annotations": [{"segment": [1, 2], "label": "a"}]}}}


def test_activity_net_of_others_and_what_is_none():
    marks = [5, {"segment": [1, "x"], "label": "a"}, {"segment": [1, 2], "label": "a", "score": 0.5}]
    of_results = {"version": "VERSION 1.3", "results": {"a": marks, "b": 5}, "external_data": {}}
    assert is_one(json.dumps(of_results), "r.json")
    assert of_many(json.dumps(of_results).encode()).keys() == {"a", "v_a"}
    assert of_many(json.dumps(of_results).encode())["a"].marks == (Stretch(("a",), 0, 0), Stretch(("a",), 1000, 2000))
    [alone] = {table_kind(json.dumps(one).encode(), "r.json") for one in (of_results, TRUTH)}
    with pytest.raises(BadTable, match=r"^An ActivityNet file tells of clips: send it in a zip together with them\.$"):
        FORMATS[alone].read(None)
    coco = {"images": [], "info": {"version": "1"}, "annotations": [], "categories": [{"id": 1, "name": "results"}]}
    assert table_kind(json.dumps(coco).encode(), "r.json") == "coco"
    untold = {"version": "1.3", "database": {"a": {"subset": "testing"}, "b": {"subset": "testing", "annotations": []}}}
    assert of_many(json.dumps(untold).encode()) == {}
    for broken in (b"[]", b"{", b"\xff", b'{"database": 5}', b"[" * 100_000, b'{"database": {"a": NaN}}'):
        with pytest.raises(ValueError, match=r"it (is|has) no .*\."):
            of_many(broken)
