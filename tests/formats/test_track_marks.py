"""Tracks in from MOT and CVAT for video: by frames, thinned to what matters, one object that comes back as two."""

import io
from itertools import pairwise

import pytest
from av import VideoFrame
from av import open as open_clip

from labelling.formats.cvat_video.read import read as read_cvat
from labelling.formats.mot.read import is_one, stem_of
from labelling.formats.mot.read import read as read_mot
from labelling.formats.trails import between, thinned
from labelling.models import Gold
from tests.formats.decided import built, crew, decide, downloaded, new_batch
from tests.formats.test_picture_formats import unzipped
from tests.formats.worlds import file, new_dataset, remarks, upload_one, zipped


def clip(frames: int = 50, rate: int = 25) -> bytes:
    made = io.BytesIO()
    with open_clip(made, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for n in range(frames):
            frame = VideoFrame(320, 240, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([n * 2 % 250]) * plane.buffer_size)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return made.getvalue()


TRACKS = [
    {"label": "pos", "keys": [[0, 0, 0, 100, 50], [400, 40, 0, 100, 50]]},
    {"label": "neg", "keys": [[1960, 10, 20, 30, 40]]},
]


@pytest.mark.django_db
def test_what_is_written_comes_back_as_truth():
    """One sending, one decision, both formats."""
    dataset, sound = new_dataset("video", "tracks"), clip()
    upload_one(dataset, file("a.zip", zipped({"day one/cars.mp4": sound})))
    item = dataset.items.get()
    decide(item, new_batch(dataset), {"tracks": TRACKS}, crew(2))
    release = built(dataset)
    for name, place in (("mot", "x/cars.mp4"), ("cvat-video", "cars.mp4")):
        other = new_dataset("video", "tracks", name=name)
        upload_one(other, file("a.zip", zipped({place: sound, **unzipped(downloaded(release, name))})))
        assert Gold.objects.get(project=other.project).truth == {"tracks": TRACKS}, name


def test_an_object_that_comes_back_is_two_tracks():
    lines = [f"{frame},7,{frame},5,10,10,1,2,1" for frame in (1, 2, 3, 8, 9)]
    _, found = read_mot("\n".join([*lines, "4,7,1,1,1,1,0,2,1", "1,8,0,0,5,5,1,99,1"]).encode(), [])
    assert [(one.name, one.labels, one.boxes) for one in found.marks] == [
        ("7", ("person on vehicle",), ((0, (1, 5, 10, 10)), (2, (3, 5, 10, 10)))),
        ("7", ("person on vehicle",), ((7, (8, 5, 10, 10)), (8, (9, 5, 10, 10)))),
        ("8", ("99",), ((0, (0, 0, 5, 5)),)),
    ]


CVAT = (
    "<annotations><meta><task><mode>interpolation</mode><stop_frame>20</stop_frame></task><source>t.mp4</source></meta>{}"
    "</annotations>"
)
BOX = '<box frame="{}" outside="{}" keyframe="{}" xtl="{}" ytl="0" xbr="{}" ybr="10"/>'


def test_cvat_says_when_an_object_is_gone_and_when_it_is_back():
    there = BOX.format(2, 0, 1, 0, 10) + BOX.format(4, 0, 0, 99, 109) + BOX.format(6, 1, 1, 8, 18)
    back = BOX.format(9, 1, 1, 8, 18) + BOX.format(12, 0, 1, 30, 40)
    named, found = read_cvat(CVAT.format(f'<track id="3" label="car">{there}{back}</track>').encode(), [])
    assert named == "t.mp4"
    assert [one.boxes for one in found.marks] == [
        ((2, (0, 0, 10, 10)), (5, (6, 0, 10, 10))),
        ((12, (30, 0, 10, 10)), (20, (30, 0, 10, 10))),
    ]


@pytest.mark.parametrize(
    ("track", "words"),
    [
        ('<track id="1"/>', "names no label"),
        ('<track id="1" label="x"><points frame="1"/></track>', "not made of boxes"),
        (
            '<track id="1" label="x"><box frame="a" xtl="1" ytl="1" xbr="2" ybr="2"/></track>',
            "no frame or no four edges",
        ),
        ('<track id="1" label="x"><box frame="1" xtl="nan" ytl="1" xbr="2" ybr="2"/></track>', "no frame or no four"),
    ],
)
def test_a_track_that_is_none_costs_itself(track, words):
    _, found = read_cvat(CVAT.format(track).encode(), [])
    assert words in found.marks[0].fault


@pytest.mark.parametrize(
    "line", ["1,2,3", "0,1,1,1,1,1,1,1,1", "a,1,1,1,1,1,1,1", "1,1,inf,1,1,1,1,1", "1;1;1;1;1;1;1;1"]
)
def test_a_line_that_is_no_box_is_told_by_its_number(line):
    with pytest.raises(ValueError, match="line 2 is no frame, object, box, 1 and class"):
        read_mot(f"1,1,1,1,1,1,1,1,1\n{line}\n".encode(), [])


def test_thinned_lines_pass_every_box_within_half_a_pixel():
    boxes = [(n, (abs(n % 200 - 100) * 1.5 + (n % 7 == 0) * 0.4, n / 3, 20 + n % 3 / 10, 30.0)) for n in range(2000)]
    kept = thinned(boxes)
    assert len(kept) < 200
    for a, b in pairwise(kept):
        for frame, box in boxes[a[0] : b[0] + 1]:
            assert max(abs(x - y) for x, y in zip(box, between(a, b, frame), strict=True)) <= 0.5 + 1e-9
    assert thinned(boxes[:1]) == boxes[:1]


@pytest.mark.django_db
def test_tracks_that_cannot_be_meant_are_told_and_cost_themselves():
    lines = ["1,1,0,0,10,10,1,1", "1,2,900,0,10,10,1,1", "5,3,1,1,5,5,1,9"]
    files = {"cars.mp4": clip(10), "cars/gt/gt.txt": "\n".join(lines).encode(), "cars/gt/labels.txt": b"Positive\n"}
    dataset = new_dataset("video", "tracks")
    made = upload_one(dataset, file("a.zip", zipped(files)))
    [gold] = Gold.objects.filter(project=dataset.project)
    assert gold.truth == {"tracks": [{"label": "pos", "keys": [[0, 0, 0, 10, 10]]}]}
    said = " ".join(sentence for *_, sentence in remarks(made))
    assert "Track 2 was left out" in said
    assert "Track 3 was left out: the project has no label 9." in said


def test_a_file_of_mot_speaks_of_the_clip_its_folder_is_named_like():
    assert stem_of("a/cars/gt/gt.txt") == "a/cars"
    assert is_one("", "a/GT/gt.txt")
    assert not is_one("", "gt.txt")
