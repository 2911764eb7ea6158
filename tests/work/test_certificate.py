"""A worker's certificate of skill: signed, short enough for a code, checked by anybody, with her name only if she wants."""

import io
import json
from pathlib import Path

import pytest
from django.test import Client
from pypdfium2 import PdfDocument

from labelling.models import Sitting, WorkerRecord
from labelling.work.certificate_files import png_of
from labelling.work.certify import MOST, certificate_of
from ledger import clock
from proofs import key_id, public_key_hex, use_signing_key, verify_signature
from proofs.certificates import build_certificate, packed
from proofs.signatures import _chosen
from tests.certificates import unpacked
from tests.worlds import opened, sentiment_world, sign_in

VECTORS = json.loads((Path(__file__).parent.parent / "chain" / "vectors" / "certificates.json").read_text())


@pytest.fixture
def world(db):
    world = opened(sentiment_world(items=2, workers=1, title="Good or bad"))
    worker = world.workers[0]
    WorkerRecord.objects.create(
        worker=worker, project=world.project, gold_seen=16, gold_right=16, decided=20, agreed=20
    )
    Sitting.objects.create(
        worker=worker, batch=world.batch, project=world.project, number=1, right=13, counted=14, began_at=clock.now(),
        ended_at=clock.now(), passed_at=clock.now(),
    )  # fmt: skip
    return world


def test_it_says_her_belts_with_their_counts_and_the_exams_that_she_has_passed(world):
    worker = world.workers[0]
    made = certificate_of(worker, named=False)
    [kind] = made.body["kinds"]
    assert (kind["task_type"], kind["medium"], kind["belt"]) == ("choice", "text", "tree")
    assert (kind["known"], kind["right"], kind["decided"], kind["agreed"]) == (16, 16, 20, 20)
    [exam] = made.body["exams"]
    assert (exam["title"], exam["by"], exam["right"], exam["counted"]) == ("Good or bad", "Acme", 13, 14)
    assert (made.body["formula"], made.body["made_on"]) == ("belts-1", clock.today().isoformat())
    assert verify_signature(made.body, made.signature, public_key_hex())


def test_her_name_or_her_pseudonym_stands_on_it_and_never_both(world):
    worker = world.workers[0]
    name, pseudonym = worker.person.display_name, worker.pseudonym
    for named, there, not_there in ((True, name, pseudonym), (False, pseudonym, name)):
        made = certificate_of(worker, named=named)
        assert made.body["holder"] == there
        assert not_there not in json.dumps(made.body)


def test_what_was_changed_and_what_another_key_signed_does_not_hold(world):
    made = certificate_of(world.workers[0], named=False)
    read = unpacked(packed(made.body, made.signature))
    assert read == {"body": made.body, "signature": made.signature}
    better = {**made.body, "kinds": [{**made.body["kinds"][0], "right": 17}]}
    assert not verify_signature(better, made.signature, public_key_hex())
    assert not verify_signature(made.body, made.signature, "11" * 32)


def test_the_phone_is_held_to_the_same_documents():
    """tests/chain/vectors/certificates.json, which worker_app/src/verify/certificate.test.ts reads, too."""
    before = list(_chosen)
    try:
        use_signing_key(VECTORS["seed"])
        said = {name: VECTORS["body"][name] for name in ("operator", "holder", "made_on", "formula", "kinds", "exams")}
        body, signature = build_certificate(**said)
        assert body == VECTORS["body"]
        assert unpacked(VECTORS["text"]) == {"body": body, "signature": signature}
        assert (public_key_hex(), key_id()) == (VECTORS["public_key"], body["key_id"])
        assert not verify_signature(unpacked(VECTORS["changed"])["body"], signature, VECTORS["public_key"])
    finally:
        _chosen[:] = before


def test_the_longest_one_fits_a_code(world):
    kinds = [{**certificate_of(world.workers[0], named=False).body["kinds"][0], "task_type": "first_wrong"}] * MOST
    exam = {**certificate_of(world.workers[0], named=False).body["exams"][0]}
    exams = [{**exam, "title": f"{i} {'A long title of a project ' * 4}"[:120]} for i in range(MOST)]
    said = {"operator": "ilima.example", "holder": "N" * 80, "made_on": "2030-01-31", "formula": "belts-1"}
    text = packed(*build_certificate(**said, kinds=kinds, exams=exams))
    assert len(text) < 2_000, "a code holds 2,953 bytes (ISO/IEC 18004, version 40-L)"


def test_the_picture_of_its_code_and_the_page_hold_it(world):
    worker = world.workers[0]
    client = sign_in(Client(), worker.person)
    png = client.get("/api/v1/work/certificate/file", {"as": "png"})
    sent = b"".join(png.streaming_content)
    assert (png["Content-Type"], sent[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert sent == png_of(certificate_of(worker, named=False))
    pdf = client.get("/api/v1/work/certificate/file", {"as": "pdf", "name": "yes"})
    assert "attachment" in pdf["Content-Disposition"]
    said = PdfDocument(io.BytesIO(b"".join(pdf.streaming_content)))[0].get_textpage().get_text_range()
    assert worker.person.display_name in said
    assert "belt “tree”. 16 of 16 known tasks right" in said
    assert "Exam “Good or bad” of Acme" in said


def test_she_gets_hers_by_rest_and_anybody_gets_the_key(world):
    worker = world.workers[0]
    made = sign_in(Client(), worker.person).get("/api/v1/work/certificate", {"name": "yes"}).json()
    assert made["body"]["holder"] == worker.person.display_name
    assert unpacked(made["link"].rpartition("/")[2]) == {"body": made["body"], "signature": made["signature"]}
    key = Client().get("/api/v1/proofs/key").json()
    assert (key["public_key"], key["key_id"]) == (public_key_hex(), made["body"]["key_id"])
    assert Client().get("/api/v1/work/certificate").status_code == 401


def test_who_has_shown_nothing_yet_has_one_that_says_so(db):
    world = sentiment_world(items=0, workers=1)
    made = certificate_of(world.workers[0], named=False)
    assert (made.body["kinds"], made.body["exams"]) == ([], [])
