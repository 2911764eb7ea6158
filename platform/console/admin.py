"""Django's admin over every table: to look, and to change the few things that no page of ours changes.

Rows that the database keeps append-only, and rows that only verbs may write, are read-only here too.
"""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models, transaction
from unfold.admin import ModelAdmin

from labelling.models import Gold
from people.audit import record
from people.models import Organisation, Person, Worker

ROOMS = (
    "people",
    "labelling",
    "consensus",
    "ledger",
    "payouts",
    "anchoring",
    "delivery",
    "intake",
    "rewards",
    "wording",
    "notices",
    "ml_assist",
)
# Never shown: secrets, and bytes that say nothing to a person.
HIDDEN = {"password", "token_sha256", "secret", "previous_secret", "destination_sealed", "raw", "salt", "headers"}
HIDDEN |= {"endpoint", "p256dh", "auth"}  # whoever knows them can wake her phone
PER_PAGE = 50

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth tells


class ReadOnlyAdmin(ModelAdmin):
    """Everything can be seen, nothing changed. `editable` names the exceptions."""

    editable: tuple[str, ...] = ()
    list_per_page = PER_PAGE
    show_full_result_count = False
    compressed_fields = True

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return bool(self.editable) and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change) -> None:
        """What is changed here stands in the same log as what verbs do; of roles, which (people.models.Person.save)."""
        with transaction.atomic():
            obj.changed_by = request.user
            super().save_model(request, obj, form, change)
            if form.changed_data:
                record(request.user, "admin.change", obj, fields=form.changed_data)

    def get_fields(self, request, obj=None) -> list[str]:
        return [field.name for field in self.model._meta.fields if field.name not in HIDDEN]

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return [name for name in self.get_fields(request, obj) if name not in self.editable]

    def get_list_display(self, request) -> list[str]:
        """The row in words, and its short columns."""
        long = (models.JSONField, models.TextField, models.BinaryField)
        names = [f.name for f in self.model._meta.fields if not isinstance(f, long) and f.name not in HIDDEN]
        return ["__str__", *[name for name in names if name != "id"][:6]]

    def get_list_select_related(self, request) -> list[str]:
        fields = {f.name: f for f in self.model._meta.fields if f.is_relation}
        return [name for name in self.get_list_display(request) if name in fields]


EDITABLE = {
    Person: ("display_name", "language", "is_reviewer", "is_active"),
    Worker: ("country",),
    Organisation: ("name",),
    Gold: ("explanation", "retired_at"),
}


def _register(model: type[models.Model]) -> None:
    admin.site.register(model, type("Rows", (ReadOnlyAdmin,), {"editable": EDITABLE.get(model, ())}))


# Nobody gives somebody else's account another address or factor, and nobody reads the key of a session.
for of_the_sign_in in (Group, EmailAddress, EmailConfirmation, Authenticator, UserSession):
    if admin.site.is_registered(of_the_sign_in):
        admin.site.unregister(of_the_sign_in)
for room in ROOMS:
    for model in apps.get_app_config(room).get_models():
        _register(model)
