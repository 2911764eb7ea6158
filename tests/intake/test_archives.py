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


def test_zip64_which_hides_its_counts_is_refused():
    end = zip_of_count(1)
    with pytest.raises(Unsafe, match="zip64"):
        opened(b"x" * 100 + b"PK\x06\x07" + bytes(16) + end)


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
