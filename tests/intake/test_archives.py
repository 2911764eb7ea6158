"""Zips that would blow up, lead elsewhere or lie: refused whole, or entry by entry with the reason."""

import io
import stat
import struct
import zipfile

import pytest

from intake import archives, limits
from intake.errors import Unsafe


def zip_of(entries: list[tuple[zipfile.ZipInfo | str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for info, content in entries:
            archive.writestr(info, content)
    return buffer.getvalue()


def opened(content: bytes) -> zipfile.ZipFile:
    return archives.open_zip(io.BytesIO(content))


def refusals(content: bytes) -> dict[str, str]:
    return {entry.name: entry.refused for entry in archives.entries(opened(content))}


def of_mode(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def test_a_bomb_is_refused_before_anything_is_unpacked():
    with pytest.raises(Unsafe, match="times its size"):
        opened(zip_of([("a.csv", bytes(limits.ARCHIVE_RATIO_FROM_BYTES + 1))]))


def test_entries_that_share_their_bytes_are_refused():
    content = bytearray(zip_of([("a.csv", b"one"), ("b.csv", b"two")], zipfile.ZIP_STORED))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 42, 0)  # the second entry's place: where the first one lies
    with pytest.raises(Unsafe, match="over one another"):
        opened(bytes(content))


def test_too_many_files_are_refused_before_the_list_of_them_is_read(monkeypatch):
    monkeypatch.setattr(limits, "ARCHIVE_ENTRIES", 3)
    assert len(refusals(zip_of([(f"{i}", b"x") for i in range(3)]))) == 3
    monkeypatch.setattr(archives.zipfile, "ZipFile", None)  # would fail if it were used
    with pytest.raises(Unsafe, match="more than 3 files"):
        opened(zip_of_count(4))


def zip_of_count(count: int) -> bytes:
    """The end of a zip that says it holds `count` files, and nothing else."""
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, 0, 0, 0)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", zip_of([("a", b"x")])[:-10], zip_of([("a", b"x" * 99)])[50:]])
def test_what_is_cut_off_is_refused(content):
    with pytest.raises(Unsafe, match="damaged"):
        opened(content)


def as_zip64(content: bytes, entries: int | None = None) -> bytes:
    """With the larger end record that programs write which did not know how long the zip would get."""
    at = content.rfind(b"PK\x05\x06")
    _, _, _, _, count, directory, start, _ = struct.unpack_from("<4s4H2LH", content, at)
    count = count if entries is None else entries
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, directory, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return content[:at] + record + locator + end


def test_zip64_is_taken_and_its_counts_are_checked_before_the_list_is_read(monkeypatch):
    content = zip_of([("a.csv", b"one"), ("b.csv", b"two")])
    assert refusals(as_zip64(content)) == {"a.csv": "", "b.csv": ""}
    with pytest.raises(Unsafe, match="more than 20,000 files"):
        opened(as_zip64(content, entries=1_000_000))
    with pytest.raises(Unsafe, match="damaged"):
        opened(as_zip64(content).replace(b"PK\x06\x06", b"PK\x06\x00"))


# --- names ------------------------------------------------------------------------------------------------------------
def zip_in(encoding: str, names: list[str]) -> bytes:
    """As programs write it that say nothing of the encoding: made with stand-ins of the same length, which are then replaced."""
    written = [name.encode(encoding) for name in names]
    stand_ins = [f"{k:x}".encode() * len(name) for k, name in enumerate(written)]
    content = zip_of([(name.decode(), b"content") for name in stand_ins])
    for stand_in, name in zip(stand_ins, written, strict=True):
        content = content.replace(stand_in, name)
    return content


WRITTEN = {
    "gbk": ["照片/我的第一张照片.jpg", "照片/天安门广场.jpg", "北京大学图书馆.png"],
    "cp932": ["写真/東京タワーの夜景.jpg", "写真/テスト画像一覧.jpg", "領収書データ.png"],
    "cp437": ["Größe der Brücke.jpg", "les élèves à l'école.jpg", "niño pequeño.png"],
    "utf-8": ["Фотография один.jpg", "صورة الأولى.jpg", "사진 하나입니다.png"],
}


@pytest.mark.parametrize("encoding", WRITTEN)
def test_names_are_read_as_they_were_written_and_that_is_said(encoding):
    archive = opened(zip_in(encoding, WRITTEN[encoding]))
    assert [entry.name for entry in archives.entries(archive)] == WRITTEN[encoding]
    assert {"gbk": "GBK", "cp932": "Shift-JIS", "cp437": "437", "utf-8": "UTF-8"}[encoding] in archives.names_read_as(
        archive
    )


@pytest.mark.parametrize(
    ("encoding", "name"), [(encoding, name) for encoding, names in WRITTEN.items() for name in names]
)
def test_one_name_is_enough_to_tell(encoding, name):
    assert [entry.name for entry in archives.entries(opened(zip_in(encoding, [name])))] == [name]


def test_names_that_say_how_they_are_written_are_believed():
    content = zip_of([("照片.jpg", b"x"), ("plain.jpg", b"y")])
    assert [entry.name for entry in archives.entries(opened(content))] == ["照片.jpg", "plain.jpg"]
    assert archives.names_read_as(opened(content)) == ""


def test_the_dust_of_operating_systems_is_no_file():
    names = ["__MACOSX/._a.jpg", "deep/__MACOSX/x", "a/._b.jpg", "a/.DS_Store", "Thumbs.db", "Desktop.ini", "a/b.jpg"]
    assert refusals(zip_of([(name, b"x") for name in names])) == {"a/b.jpg": ""}


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/a", "\\a", "..\\a", "C:\\a", "C:a"])
def test_names_that_lead_out_are_refused(name):
    assert list(refusals(zip_of([(name, b"x"), ("good", b"y")])).values()) == ["The name leads out of the zip.", ""]


def test_links_devices_locked_empty_and_doubled_entries_are_refused_one_by_one():
    locked = bytearray(zip_of([("locked", b"x")]))
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    assert refusals(bytes(locked))["locked"] == "The file is locked with a password."
    found = refusals(
        zip_of(
            [
                (of_mode("link", stat.S_IFLNK | 0o777), b"/etc/passwd"),
                (of_mode("dev", stat.S_IFCHR), b"x"),
                ("empty", b""),
            ]
        )
    )
    assert found == {
        "link": "This is a link or a device, not a file.",
        "dev": "This is a link or a device, not a file.",
        "empty": "The file is empty.",
    }
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zip_of([("a", b"1"), ("a", b"2"), ("__MACOSX/._a", b"3"), (".DS_Store", b"4"), ("folder/", b"")])
    assert [(e.name, e.refused) for e in archives.entries(opened(twice))] == [
        ("a", ""),
        ("a", "There is another file of the same name."),
    ]


def test_an_entry_that_is_larger_than_it_says_or_damaged_is_not_taken(tmp_path):
    content = bytearray(zip_of([("a", b"x" * 1000)], zipfile.ZIP_STORED))
    content[content.find(b"xxx") + 5] = 0  # its checksum no longer fits
    archive = opened(bytes(content))
    with pytest.raises(Unsafe, match="damaged"):
        archives.extract(archive, archive.infolist()[0], tmp_path / "out")
    content = bytearray(zip_of([("a", b"x" * 1000)]))
    content[content.find(b"PK\x03\x04") + 31] ^= 0xFF  # its packed bytes no longer unpack
    archive = opened(bytes(content))
    with pytest.raises(Unsafe, match="damaged"):
        archives.extract(archive, archive.infolist()[0], tmp_path / "out")
