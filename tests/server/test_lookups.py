"""A list of values is one parameter, and finds what Django's own lookup finds."""

import uuid

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.lookups import In

from labelling.models import Answer, Batch, BatchItem, Item
from tests.worlds import sentiment_world

pytestmark = pytest.mark.django_db


def sql_of(queryset) -> tuple[str, tuple]:
    return queryset.query.get_compiler("default").as_sql()


@pytest.mark.parametrize("n", [1, 2, 1000])
def test_any_number_of_values_is_one_statement_with_one_parameter(n):
    sql, params = sql_of(Item.objects.filter(pk__in=range(n)))
    assert sql.endswith('"id" = ANY (%s::bigint[])')
    assert params == ("{" + ",".join(map(str, range(n))) + "}",)


def test_rows_are_found_by_key_by_relation_and_by_uuid():
    items = sentiment_world(items=3).items
    two = [items[0].pk, items[2].pk]
    assert set(Item.objects.filter(pk__in=two).values_list("pk", flat=True)) == set(two)
    assert Item.objects.filter(dataset__in=[items[0].dataset, None]).count() == 3
    assert Item.objects.exclude(pk__in=two).get() == items[1]
    assert list(Answer.objects.filter(pk__in=[uuid.uuid4(), str(uuid.uuid4())])) == []


def test_no_values_find_nothing_and_a_wrong_one_is_refused_before_the_database():
    assert list(Item.objects.filter(pk__in=[])) == []
    with pytest.raises(ValueError, match="expected a number"):
        Item.objects.filter(pk__in=["one); DROP TABLE labelling_item; --"])


def test_subqueries_expressions_and_texts_stay_as_django_has_them():
    assert " IN (SELECT" in sql_of(BatchItem.objects.filter(batch__in=Batch.objects.filter(state="open")))[0]
    assert '"counted"' in sql_of(BatchItem.objects.filter(wanted__in=[F("counted"), Value(3)]))[0]
    assert sql_of(Batch.objects.filter(state__in=["open", "closed"]))[1] == ("open", "closed")


def test_the_control_djangos_own_lookup_has_a_parameter_a_value():
    field = Item._meta.pk
    sql, params = In(field.get_col(Item._meta.db_table), [1, 2, 3]).as_sql(
        Item.objects.all().query.get_compiler("default"), connection
    )
    assert (sql.count("%s"), params) == (3, [1, 2, 3])
