"""A worker's bundle from a real period: it holds; and any change of it, by anybody, is refused."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest

from anchoring.actions.build_bundle import build_bundle
from anchoring.actions.close_period import close_period
from anchoring.actions.confirm_anchor import confirm_anchors
from anchoring.actions.publish_anchor import publish_anchors
from anchoring.models import Commitment, Period
from consensus.app.actions.decide_items import finish_items
from consensus.app.models import Skill, SupersededDecision
from intake.models import Media
from labelling.data.add_items import add_media_item
from labelling.models import Decision, Settlement
from labelling.proof.verify import check, check_anchors, main
from proofs import canonical_bytes, header_hash, sign_receipt
from tests.chain.bundles import answer_all, bundle_of, good, lived_in_world, work
from tests.chain.changes import apply, changes
from tests.chain.world import request_payout
from tests.worlds import World, opened, sentiment_world

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
ALWAYS = ["signature", "rule", "headers", "statement", "receipts", "offers", "pay", "counts", "decisions", "golds"]


def holds(bundle: dict, **options) -> dict[str, bool | None]:
    return {finding.name: finding.holds for finding in check(bundle, **options)}


def test_every_promise_of_a_real_period_holds():
    world = lived_in_world()
    bundle = bundle_of(world)
    findings = check(bundle)
    assert [finding.name for finding in findings] == ALWAYS
    assert [(f.name, f.detail) for f in findings if f.holds is not True] == []
    statement = bundle["statements"][0]["statement"]
    earned = sum(s.base_micro + s.bonus_micro for s in Settlement.objects.filter(worker=world.workers[0]))
    assert (statement["earned_micro"], statement["paid_micro"]) == (earned, 12_345)
    assert len(bundle["decisions"]) == 9
    retired = {str(item.pk) for item in world.golds[:2]}
    met = {one["receipt"]["item"] for one in bundle["answers"]}
    assert {one["gold"]["item"] for one in bundle["golds"]} == retired & met
    assert {one["settlement"]["agreed"] for one in bundle["answers"]} >= {True, None}


def test_every_worker_has_her_own_bundle_and_nobody_elses_answers():
    world = lived_in_world()
    period = close_period()
    for worker in world.workers:
        bundle = build_bundle(worker, period)
        assert False not in holds(bundle).values(), check(bundle)
        assert {one["receipt"]["worker"] for one in bundle["answers"]} == {worker.pseudonym}
        others = {other.pseudonym for other in world.workers} - {worker.pseudonym}
        assert not any(name in json.dumps(bundle) for name in others)


def test_an_answer_accepted_in_one_period_and_settled_in_the_next():
    world = opened(sentiment_world(items=2, workers=2, target_ppm=800_000))
    work(world, world.workers[0], good)
    first = bundle_of(world)
    assert [one["settlement"] for one in first["answers"]] == [None, None]
    assert False not in holds(first).values(), check(first)
    work(world, world.workers[1], good)
    second = bundle_of(world)
    assert {line["kind"] for line in second["statements"][0]["lines"]} == {"settle"}
    assert [header["number"] for header in second["headers"]] == [0, 1]
    assert False not in holds(second).values(), check(second)
    assert second["statements"][0]["statement"]["opening_micro"] == 20_000


def test_a_decision_that_was_replaced_still_explains_the_pay_that_it_measured():
    """The last word on a closed batch may differ from the decision that pay was measured by; both are fixed and shown."""
    world = lived_in_world()
    decided = Decision.objects.filter(project=world.project).order_by("pk").first()
    agreed = Settlement.objects.get(answer__item=decided.item_id, worker=world.workers[0]).agreed
    measured_by = {"label": "good" if agreed else "bad"}  # she says that everything is good
    labels = ["bad", "good"]
    against = [-9000 if label == measured_by["label"] else 0 for label in labels]
    for skill in Skill.objects.filter(project=world.project):
        skill.tables |= {
            "labels": labels,
            "table": [against, against],
        }  # whatever is said now speaks for the other label
        skill.save()
    finish_items(world.batch.pk, [decided.item_id])
    decided.refresh_from_db()
    assert decided.value != measured_by
    bundle = bundle_of(world)
    assert False not in holds(bundle).values(), check(bundle)
    shown = [one["value"] for one in bundle["decisions"] if one["decision"]["item"] == str(decided.item_id)]
    assert shown == [measured_by]


def test_a_decision_that_comes_back_to_what_it_was_is_fixed_once():
    world = lived_in_world()
    decided = Decision.objects.filter(project=world.project, final=True).order_by("pk").first()
    copied = {name: getattr(decided, name) for name in ("item_id", "value", "method", "inputs_hash", "decided_at")}
    SupersededDecision.objects.create(inputs=decided.detail["inputs"], **copied)
    first = close_period()
    fixed = Commitment.objects.filter(kind="decision", reference=str(decided.item_id))
    assert first.commitment_count == Commitment.objects.count()
    hashes = list(fixed.values_list("document_hash", flat=True))
    SupersededDecision.objects.create(inputs=decided.detail["inputs"], **copied)
    request_payout(world.workers[1], 1000)
    assert close_period().commitment_count == 0
    assert list(fixed.values_list("document_hash", flat=True)) == hashes


TRANSCRIPTION = {"language": "en", "kind": "transcription"}


def pictures_world() -> World:
    world = sentiment_world(items=0, workers=3, task_type="boxes", medium="image", min_answers=3)
    for i in range(4):
        media = Media.objects.create(
            kind="image",
            sha256=f"{i:064x}",
            organisation_id=world.organisation.pk,
            original=f"o{i}",
            content_type="image/png",
            size_bytes=1,
            width_px=200,
            height_px=100,
        )
        world.items.append(add_media_item(world.dataset, media))
    return opened(world)


def boxes_of(shift_px: int):
    box = {"label": "good", "x": 20 + shift_px, "y": 10, "width": 60, "height": 41 + shift_px}
    return lambda item_id: {"boxes": [box]}


def texts_of(ending: str):
    return lambda item_id: {"text": f"What was said about {item_id}{ending}"}


@pytest.mark.parametrize(
    ("make", "values"),
    [
        (pictures_world, [boxes_of(0), boxes_of(1), boxes_of(3)]),
        (
            lambda: opened(sentiment_world(task_type="text", config=TRANSCRIPTION, min_answers=3)),
            [texts_of("."), texts_of("."), texts_of(" 粵語 🙂")],
        ),
    ],
    ids=["boxes", "text"],
)
def test_types_without_an_integer_rule_fix_their_votes_too(make, values):
    world = make()
    for worker, value_of in zip(world.workers, values, strict=True):
        while answer_all(world, worker, value_of):
            pass
    period = close_period()
    for worker in world.workers:
        bundle = build_bundle(worker, period)
        assert False not in holds(bundle).values(), check(bundle)
        assert json.loads(json.dumps(bundle)) == bundle
    assert {one["period"] for one in bundle["decisions"]} == {0}
    assert all(one["inputs"]["votes"] and not one["inputs"]["labels"] for one in bundle["decisions"])
    bundle["decisions"][0]["inputs"]["votes"].pop()
    bundle["signature"] = sign_receipt({k: v for k, v in bundle.items() if k != "signature"})
    assert holds(bundle)["decisions"] is False


# --- what a changed bundle looks like ------------------------------------------------------------------------------
def mutations(bundle: dict, count: int, seed: int):
    """(what was done, changed bundle), those left out that changed nothing."""
    for change in changes(bundle, count, seed):
        changed = apply(bundle, change)
        if canonical_bytes(changed) != canonical_bytes(bundle):
            yield f"{change[0]} {'.'.join(map(str, change[1]))}", changed


@pytest.mark.parametrize("count", [150, pytest.param(1500, marks=pytest.mark.slow)])
def test_changes_on_the_way_are_all_refused(count):
    bundle = bundle_of(lived_in_world(), place=1)
    assert False not in holds(bundle).values()
    tried = list(mutations(bundle, count, seed=count))
    assert len(tried) >= count * 0.8
    assert [what for what, changed in tried if False not in holds(changed).values()] == []


def binds_nothing(what: str) -> bool:
    """Who signed it is the first test's matter; the anchors' places are the chain's (--rpc); some order has no meaning; a known
    answer that is not opened stays closed, as it would before it retires."""
    how, path = what.split()
    part = path.split(".")[0]
    closed = how == "drop" and part == "golds" and path.count(".") == 1
    return (
        part in ("signature", "public_key", "anchors") or closed or (how == "swap" and part in ("decisions", "golds"))
    )


def same_counts(bundle: dict, what: str) -> bool:
    """Two answers settled at once: which of them came first has no meaning where their counts are the same."""
    how, path = what.split()
    if how != "swap" or path.count(".") != 1 or not path.startswith("answers."):
        return False
    place = int(path.split(".")[1])
    one, other = (bundle["answers"][i]["settlement"] for i in (place, place - 1))
    return one is not None and other is not None and one["counts"] == other["counts"]


@pytest.mark.parametrize("count", [150, pytest.param(1500, marks=pytest.mark.slow)])
def test_the_platform_itself_cannot_change_what_it_fixed(count):
    """The same changes, signed anew with the platform's own key: the header that the worker kept gives them away."""
    bundle = bundle_of(lived_in_world(), place=1)
    kept = header_hash(bundle["headers"][-1])
    tried = [(what, changed) for what, changed in mutations(bundle, count, seed=count) if not binds_nothing(what)]
    assert len(tried) >= count * 0.6
    escaped = []
    for what, changed in tried:
        changed["signature"] = sign_receipt({k: v for k, v in changed.items() if k != "signature"})
        if False not in holds(changed, known_header=kept).values() and not same_counts(bundle, what):
            escaped.append(what)
    assert escaped == []


def test_control_without_the_checks_the_changes_pass():
    """The signature alone is worth nothing against the one who holds its key."""
    bundle = bundle_of(lived_in_world())
    bundle["statements"][0]["lines"][0]["amount_micro"] -= 1000
    bundle["signature"] = sign_receipt({k: v for k, v in bundle.items() if k != "signature"})
    found = holds(bundle)
    assert found["signature"] is True
    assert found["pay"] is found["statement"] is False


# --- the chain and the command line --------------------------------------------------------------------------------
def test_the_chain_is_asked(chain):
    world = lived_in_world()
    close_period()
    publish_anchors()
    for _ in range(3):
        chain.mine()
    confirm_anchors()
    url = f"http://127.0.0.1:{chain_port(chain)}"
    bundle = build_bundle(world.workers[0], Period.objects.get(number=0))
    assert bundle["anchors"][0]["state"] == "final"
    assert check_anchors(bundle, url).holds is True
    forged = copy.deepcopy(bundle)
    forged["headers"][0]["day"] = "2020-01-01"
    assert check_anchors(forged, url).holds is False
    assert check_anchors(bundle, url, contract="0x" + "12" * 20).holds is False
    assert check_anchors(bundle, "http://127.0.0.1:9").holds is None
    bundle["anchors"][0]["contract"] = "no address"  # the node answers with an error
    assert check_anchors(bundle, url).holds is None


def chain_port(chain) -> str:
    from django.conf import settings

    return settings.CHAIN_RPC_URL.rsplit(":", 1)[1]


def test_before_it_is_final_the_chain_does_not_hold_it(chain):
    world = lived_in_world()
    close_period()
    publish_anchors()
    chain.mine()
    bundle = build_bundle(world.workers[0], Period.objects.get(number=0))
    assert check_anchors(bundle, f"http://127.0.0.1:{chain_port(chain)}").holds is False


def test_the_command_line(tmp_path, capsys):
    bundle = bundle_of(lived_in_world())
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle))
    assert (
        main([str(path), "--lines", "--key", bundle["public_key"], "--known", header_hash(bundle["headers"][0])]) == 0
    )
    out = capsys.readouterr().out
    assert "Everything that was checked holds." in out
    assert out.count("settle:") == sum(one["settlement"] is not None for one in bundle["answers"])

    assert main([str(path), "--key", "00" * 32]) == 1
    assert "BROKEN  key" in capsys.readouterr().out
    bundle["statements"][0]["lines"][0]["amount_micro"] += 1
    path.write_text(json.dumps(bundle))
    assert main([str(path)]) == 1
    assert "promises are broken" in capsys.readouterr().out
    path.write_text("[]")
    assert main([str(path)]) == 2
    assert main([str(tmp_path / "absent.json")]) == 2


def test_it_runs_without_django(tmp_path):
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle_of(lived_in_world())))
    program = "import sys, runpy; sys.argv = ['verify', sys.argv[1]]\n"
    program += "try:\n    runpy.run_module('labelling.proof.verify', run_name='__main__')\nexcept SystemExit as end:\n"
    program += "    names = {name.split('.')[0] for name in sys.modules}\n"
    program += "    assert not names & {'django', 'celery', 'rest_framework', 'web3', 'numpy'}, names\n    raise end\n"
    done = subprocess.run([sys.executable, "-c", program, str(path)], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
