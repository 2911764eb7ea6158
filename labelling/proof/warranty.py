"""Recompute what a warranty promises, of a release or of a label API: no Django, no database, no network.

python -m labelling.proof.warranty release.jsonl warranty.json [--key HEX]
python -m labelling.proof.warranty label-promise.json [--key HEX]

Of a release the sample is drawn again from its own SHA-256 and the judgements are read from the warranty; of a label API the draws are
those of the file. The bound is computed anew. Exit code 0 when the promise holds, 1 when it does not, 2 when the files are no such ones."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

PLATFORM = str(Path(__file__).resolve().parents[2] / "platform")
if PLATFORM not in sys.path:
    sys.path.insert(0, PLATFORM)

from consensus.core.guarantees import served_labels  # noqa: E402
from consensus.core.guarantees.frozen_labels import VERSION, labels_of, look, promise_of  # noqa: E402
from consensus.core.guarantees.warranty import Standing  # noqa: E402
from proofs import verify_signature  # noqa: E402


def check(release: bytes, document: dict) -> tuple[bool, str]:
    """Does it hold, and why."""
    if document.get("v") != VERSION:
        raise ValueError("This is no warranty.")
    sha256 = hashlib.sha256(release).hexdigest()
    if sha256 != document["release_sha256"]:
        return False, "The warranty is of another release: its SHA-256 is not that of this file."
    labels = labels_of(release.splitlines())
    place_of = {item: place for place, (item, _) in enumerate(labels)}
    judged = {place_of[item]: right for item, right in document["judgements"]}
    found = look(sha256, [sure for _, sure in labels], promise_of(document), document["draws"], judged)
    if not found.kept or found.stands is None:
        return False, f"{len(found.to_judge)} labels are not judged that have to be."
    return True, _said(found.stands, len(labels), len(judged), document)


def _said(stands: Standing, n_labels: int, n_judged: int, document: dict) -> str:
    sure, reference = document["confidence_ppm"] / 1e6, document["reference_error_ppm"] / 1e6
    return (
        f"{stands.n_labels} of {n_labels} labels stand as they are, {n_judged} were judged; at most {stands.bound:.2%} of all are "
        f"wrong, {sure:.1%} sure, if the reference errs on at most {reference:.1%} of them"
    )


def check_served(document: dict) -> tuple[bool, str]:
    """Of a label API: does it hold, and why."""
    found = served_labels.look(document)
    if served_labels.said(found) != document["stated"]:
        return False, f"By these draws it is not what is stated, but {served_labels.said(found)}."
    if found.changed:
        return False, "More is wrong than was promised: the model, or what is sent to it, has changed."
    if found.bound > promise_of(document).error:
        return False, f"At most {found.bound:.2%} of all labels are wrong: more than was promised."
    sure, reference = document["confidence_ppm"] / 1e6, document["reference_error_ppm"] / 1e6
    alone = f"the model answers {found.share:.1%} alone" if found.share else "people answer everything"
    return True, (
        f"{found.n} draws, {found.n_wrong} wrong: {alone}; at most {found.bound:.2%} of all labels are wrong, {sure:.1%} sure, "
        f"if people err on at most {reference:.1%} of them"
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("release", type=Path, nargs="?", help="none for a promise on a label API")
    parser.add_argument("warranty", type=Path)
    parser.add_argument("--key", default="", help="the platform's public key, known from elsewhere")
    options = parser.parse_args(argv)
    try:
        said = json.loads(options.warranty.read_bytes())
        document = said["body"]
        if document["v"] == served_labels.VERSION:
            holds, why = check_served(document)
        else:
            holds, why = check(options.release.read_bytes(), document)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"cannot be read: {error}")
        return 2
    if not verify_signature(document, said["signature"], options.key or said["public_key"]):
        holds, why = False, "The signature is not the platform's."
    print("holds " if holds else "BROKEN", why)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
