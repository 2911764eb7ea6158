"""What we ask on top of allauth at sign-up."""

from allauth.core.internal.httpkit import is_headless_request
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from people.actions.become_worker import become_worker
from people.actions.create_organisation import create_organisation
from people.models import Person


class SignupForm(forms.Form):
    """One address, e-mail or phone; no password: the code proves the address, a password or passkey may be added later.

    From the phone app (headless) the person becomes a worker; on the web page an organisation's name makes a requester.
    """

    display_name = forms.CharField(label=_("Your name"), max_length=80, required=False)
    organisation = forms.CharField(
        label=_("Organisation"), max_length=120, required=False,
        help_text=_("It owns your projects and their money: a company, a team, or you by your own name."),
    )  # fmt: skip
    language = forms.ChoiceField(choices=[(tag, tag) for tag in settings.PHONE_LANGUAGES], required=False)
    field_order = ("email", "phone", "display_name", "organisation", "language")

    def __init__(self, *args, **kwargs):
        # Mandatory verification makes allauth ask for an e-mail address of everybody; here a phone number does as well.
        self._signup_fields = {**self._signup_fields, "email": {"required": False}}
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"email", "phone"}:
            self.fields[name].widget.attrs.pop("placeholder", None)  # each says again what its label says

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        if bool(self.data.get("email")) == bool(self.data.get("phone")):
            raise forms.ValidationError(_("Give an e-mail address or a phone number, one of the two."))
        email = data.get("email")
        if email and Person.objects.filter(email__iexact=email).exists():
            # allauth then reads the same as for a new address, and writes to the owner instead.
            self.account_already_exists = True
        return data

    def signup(self, request, user) -> None:
        data = self.cleaned_data
        user.display_name = data.get("display_name", "")
        user.language = data.get("language") or "en"
        user.save(update_fields=["display_name", "language"])
        if data.get("organisation"):
            create_organisation(user, data["organisation"])
        elif is_headless_request(request):
            become_worker(user)
