"""Appeals against missed known tasks: what she was shown, the known answer, hers, and two keys."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from console.answer_rendering import label_names, say, show
from console.base_form import Form
from console.forms import refuse
from console.request import Request
from console.view_decorators import page
from console.views.projects import instructions_of
from kernel.errors import DomainError
from labelling.access import get_gold_appeal_for, gold_appeals_for, require_gold_appeals
from labelling.gold.decide_gold_appeal import decide_gold_appeal
from labelling.models.gold_appeals import GoldAppeal

MAX_SHOWN = 20
OUTCOMES = [("won", gettext_lazy("She was right")), ("lost", gettext_lazy("The known answer stands"))]


class DecisionForm(Form):
    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), choices=OUTCOMES, widget=forms.RadioSelect)
    retire = forms.BooleanField(
        label=gettext_lazy("If she was right: use this known task no more"), required=False, initial=True,
        help_text=gettext_lazy("Nobody's skill is learned from its truth any more."),
    )  # fmt: skip
    reply = forms.CharField(
        label=gettext_lazy("Why, to her"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


@page()
def gold_appeals(request: Request) -> HttpResponse:
    """Those whose time ends soonest on top."""
    require_gold_appeals(request.user)
    waiting = gold_appeals_for(request.user).filter(decided_at=None).order_by("made_at")
    cards = [_card(request, appeal) for appeal in waiting[:MAX_SHOWN]]
    return render(request, "console/gold_appeals.html", {"cards": cards, "waiting": waiting.count()})


@page("POST")
def decide(request: Request, answer_id: UUID) -> HttpResponse:
    appeal, form = get_gold_appeal_for(request.user, answer_id), DecisionForm(request.POST)
    decided = _decided(request, appeal, form)
    if decided is None:
        card = _card(request, appeal, form)
        return render(request, "console/gold_appeals.html", {"cards": [card], "waiting": 1}, status=400)
    if decided.decided_at is None:
        messages.success(request, _("Noted. Much money follows from it, so a second person looks, too."))
    else:
        messages.success(request, _("Answered. She sees it in her history."))
    return redirect("console:gold_appeals")


def _decided(request: Request, appeal: GoldAppeal, form: DecisionForm) -> GoldAppeal | None:
    if not form.is_valid():
        return None
    said = form.cleaned_data
    retire = said["retire"] and said["outcome"] == "won"
    try:
        return decide_gold_appeal(request.user, appeal.answer_id, said["outcome"], said["reply"], retire=retire)
    except DomainError as refusal:
        refuse(form, refusal)
        return None


def _card(request: Request, appeal: GoldAppeal, form: DecisionForm | None = None) -> dict:
    answer, language = appeal.answer, request.LANGUAGE_CODE
    project, gold = answer.project, answer.item.gold
    names = label_names(project, language)
    return {
        "appeal": appeal,
        "project": project,
        "instructions": instructions_of(project, language),
        "shown": show(answer.item),
        "truth": say(project, gold.truth, names),
        "explanation": gold.explanation,
        "hers": say(project, answer.value, names),
        "form": form or DecisionForm(auto_id=f"{answer.pk}-%s"),
    }
