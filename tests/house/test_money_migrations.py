"""What lay in the database before: migrated in place, to the micro-unit, and nothing hidden."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from labelling.models import Batch, GoldPurse, Lease
from labelling.work.draw_work import draw_work
from ledger import clock, factories
from ledger.audit import findings
from ledger.models import Account, Transfer
from ledger.posting import balance, post_many
from ledger.transfers import Transfer as Spec
from tests.roles import as_owner
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db
EDITOR = SimpleNamespace(connection=connection)


def migration(room: str, name: str):
    """The module, whatever number it has."""
    folder = importlib.import_module(f"{room}.migrations").__path__[0]
    [path] = Path(folder).glob(f"*_{name}.py")
    return importlib.import_module(f"{room}.migrations.{path.stem}")


def test_goodwill_that_was_below_zero_becomes_what_the_operator_still_owes():
    before = Spec(
        "old",
        "goodwill",
        "USD",
        factories.moved(factories.goodwill_of_platform(), factories.available_of(7), 573_830_000),
    )
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_account DROP CONSTRAINT ledger_never_negative")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ledger.posting.NEVER_NEGATIVE", ())
        post_many([before])
    with as_owner():
        migration("ledger", "goodwill_is_funded").bring_forward(apps, EDITOR)
    assert balance(factories.goodwill_of_platform(), "USD") == 0
    assert balance(factories.goodwill_before_funding(), "USD") == -573_830_000
    assert balance(factories.available_of(7), "USD") == 573_830_000
    assert Transfer.objects.filter(kind="bring forward").count() == 1
    assert findings() == []
    with as_owner():
        migration("ledger", "goodwill_is_funded").bring_forward(apps, EDITOR)  # nothing is left to do
    assert Transfer.objects.filter(kind="bring forward").count() == 1


def test_an_open_batch_gets_the_spare_and_the_known_tasks_that_its_escrow_covers():
    world = opened(sentiment_world(items=4, workers=2, golds=4, gold_share_bps=5000))
    before = Batch.objects.get().spare, sum(GoldPurse.objects.values_list("left", flat=True))
    as_before()
    migration("labelling", "what_is_open_gets_its_spare").give_spare(apps, EDITOR)
    assert (Batch.objects.get().spare, sum(GoldPurse.objects.values_list("left", flat=True))) == before == (1, 12)
    assert len(draw_work(world.workers[0], world.batch, 8)) > 4


def test_one_that_was_robbed_gets_no_more_than_is_left():
    world = opened(
        sentiment_world(items=4, workers=2, golds=4, gold_share_bps=5000)
    )  # 12 answers, 12 known tasks, 1 spare
    post_many([factories.close_batch(world.batch.pk, world.organisation.pk, 10 * 15_000, "USD", part=7)])
    as_before()
    migration("labelling", "what_is_open_gets_its_spare").give_spare(apps, EDITOR)
    assert Batch.objects.get().spare + sum(GoldPurse.objects.values_list("left", flat=True)) == 3


def test_who_was_offline_keeps_her_claim_as_far_as_the_escrow_reaches():
    world = opened(sentiment_world(items=4, workers=2))
    lent = draw_work(world.workers[0], world.batch, 3)
    Lease.objects.update(state="expired", expires_at=clock.now())
    world.batch.batch_items.update(taken=0)
    as_before()
    migration("labelling", "what_is_open_gets_its_spare").give_spare(apps, EDITOR)
    assert (len(lent), Lease.objects.filter(state="late").count(), Batch.objects.get().spare) == (3, 1, 0)


def as_before() -> None:
    GoldPurse.objects.all().delete()
    Batch.objects.update(spare=0)
    assert Account.objects.filter(kind="batch_escrow").exists()
