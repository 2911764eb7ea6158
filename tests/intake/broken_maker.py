"""Fails as a maker may: on some pictures, half-way."""


def make(picture, size, out):
    (out / "kind.seen.json").write_text("{}")
    raise ValueError("this picture is beyond it")
