"""Recompute what a release's warranty promises: no Django, no database, no network.

python -m labelling.proof.warranty release.jsonl warranty.json [--key HEX]

The sample is drawn again from the release's own SHA-256, the judgements are read from the warranty, and the bound is computed anew. Exit
code 0 when the promise holds, 1 when it does not, 2 when the files are no release and no warranty."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

PLATFORM = str(Path(__file__).resolve().parents[2] / "platform")
if PLATFORM not in sys.path:
    sys.path.insert(0, PLATFORM)

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


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("warranty", type=Path)
    parser.add_argument("--key", default="", help="the platform's public key, known from elsewhere")
    options = parser.parse_args(argv)
    try:
        said = json.loads(options.warranty.read_bytes())
        document = said["body"]
        holds, why = check(options.release.read_bytes(), document)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read: {error}")
        return 2
    if not verify_signature(document, said["signature"], options.key or said["public_key"]):
        holds, why = False, "The signature is not the platform's."
    print("holds " if holds else "BROKEN", why)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
