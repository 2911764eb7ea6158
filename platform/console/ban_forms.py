"""What the console asks for about bans. Forms only read what was typed; the rules live in the verbs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from console.ban_words import REASONS
from console.base_form import Form
from labelling.models import Project
from labelling.models.bans import MAX_SITE


class BanForm(Form):
    project = forms.ModelChoiceField(
        queryset=Project.objects.none(), label=_("Where"), required=False, empty_label=_("All work")
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=list(REASONS.items()))
    until = forms.IntegerField(
        label=_("For how many days"), min_value=1, max_value=MAX_SITE.days, initial=7,
        help_text=_("At most 90 in a project, 365 for all work."),
    )  # fmt: skip
    sentence = forms.CharField(
        label=_("Why, to her"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("She reads this sentence. Say what happened, without accusing."),
    )  # fmt: skip
    evidence = forms.MultipleChoiceField(
        label=_("Evidence that she sees"), required=False, choices=[], widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, projects, evidence, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects
        self.fields["evidence"].choices = evidence


class LiftForm(Form):
    note = forms.CharField(
        label=_("Why it is lifted, to her"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AppealForm(Form):
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[("won", _("She is right: lift the ban")), ("lost", _("The ban stands"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Answer, to her"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
