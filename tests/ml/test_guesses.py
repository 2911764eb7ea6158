"""Wrong guesses that workers put right, counted where the truth is known."""

import pytest
from django.test import Client
from django.urls import reverse

from labelling.models import Answer, Suggestion
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ml_assist.guesses import guess_figures
from tests.worlds import answer_to, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db


def test_of_wrong_guesses_those_that_were_put_right_are_counted_and_the_requester_reads_it():
    world = sentiment_world(items=12, workers=1, golds=4, gold_share_bps=5000)
    for gold, guess in zip(world.golds, ("good", "bad", "bad", "bad"), strict=True):  # the truth is "good"
        Suggestion.objects.create(item=gold, model_version_id=1, value={"label": guess}, confidence_ppm=980_000)
    opened(world)
    worker, follows = world.workers[0], {world.golds[3].pk}
    while lent := draw_work(worker, world.batch, 4):
        answers = [
            answer_to(one, {"label": "bad" if one.item_id in follows else "good"})
            | {"suggestion_shown": one.suggestion is not None}
            for one in lent
        ]
        accept_answers(worker, answers)
    met = set(Answer.objects.exclude(gold_right=None).values_list("item", flat=True))
    wrong = met & {gold.pk for gold in world.golds[1:]}
    expected = {"shown": len(met), "wrong": len(wrong), "righted": len(wrong - follows)}
    assert guess_figures(world.project) == expected
    assert expected["wrong"] > 0
    page = (
        sign_in(Client(), world.requester).get(reverse("console:label_api", args=[world.project.pk])).content.decode()
    )
    assert f"a guess was shown {expected['shown']} times" in page
