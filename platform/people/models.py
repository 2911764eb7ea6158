"""Who signs in, and what each may be: a worker, a member of an organisation, a reviewer, an admin."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q

from ledger import clock


class PersonManager(BaseUserManager):
    def create_user(self, email=None, phone=None, password=None, **fields):
        if not email and not phone:
            raise ValueError("A person needs an email or a phone number.")
        person = self.model(email=self.normalize_email(email) if email else None, phone=phone or None, **fields)
        person.set_password(password)
        with transaction.atomic(using=self._db):
            person.save(using=self._db)
            if person.email:  # whoever may make accounts vouches for their addresses; strangers' are proved by a code
                person.emailaddress_set.create(email=person.email.lower(), verified=True, primary=True)
        return person

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email=email, password=password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username):
        return self.get(Q(email__iexact=username) | Q(phone=username))


class Person(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True, null=True, blank=True)
    phone = models.CharField(
        max_length=16, unique=True, null=True, blank=True, help_text="E.164, for example +27821234567"
    )
    phone_verified = models.BooleanField(default=False)
    display_name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, default="en")
    terms_version = models.CharField(max_length=10, blank=True)  # of the page that she read and agreed to last
    terms_at = models.DateTimeField(null=True, blank=True)
    is_reviewer = models.BooleanField(default=False)
    is_staff = models.BooleanField("admin", default=False)
    is_active = models.BooleanField(default=True)
    created_at = clock.MadeAt()

    objects = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    # What she may decide about others' money and accounts: no way of saving a change of it leaves the audit log out.
    ROLES = ("is_reviewer", "is_staff", "is_superuser", "is_active")
    changed_by: "Person | None" = None  # who saves; None: nobody who is signed in (a command, a shell)

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(phone__isnull=False), name="person_has_email_or_phone"
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.email or self.phone or f"person {self.pk}"

    def save(self, *args, update_fields=None, **kwargs) -> None:
        self.email = self.email or None  # allauth empties what was removed, and two empty addresses are not unique
        saved = set(self.ROLES) if update_fields is None else set(self.ROLES) & set(update_fields)
        if not saved:
            return super().save(*args, update_fields=update_fields, **kwargs)
        with transaction.atomic():
            was = Person.objects.filter(pk=self.pk).values(*self.ROLES).first() if self.pk else None
            super().save(*args, update_fields=update_fields, **kwargs)
            self._record_roles(was or _STRANGER, saved)

    def _record_roles(self, was: dict[str, bool], saved: set[str]) -> None:
        changed = {
            name: getattr(self, name) for name in self.ROLES if name in saved and getattr(self, name) != was[name]
        }
        if changed:
            AuditEntry.objects.create(
                actor=self.changed_by, action="people.change_roles", target=f"person:{self.pk}", detail=changed
            )


_STRANGER = {"is_reviewer": False, "is_staff": False, "is_superuser": False, "is_active": True}


def new_pseudonym() -> str:
    return "w" + secrets.token_hex(6)


class Worker(models.Model):
    """A person who labels. Requesters and the chain only ever see the pseudonym."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="worker")
    pseudonym = models.CharField(max_length=20, unique=True, default=new_pseudonym)
    country = models.CharField(max_length=2, blank=True)
    # Languages of texts and sounds that she can work in, as she says; empty: she was not asked yet. And those that she said no to.
    reads = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    reads_not = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    # What she never wants to see (kernel/content_warnings.py).
    avoids = ArrayField(models.CharField(max_length=12), default=list, db_default=[], blank=True)
    created_at = clock.MadeAt()

    def __str__(self) -> str:
        return self.pseudonym


class Organisation(models.Model):
    """A requester: the owner of projects and of the money that pays for them."""

    name = models.CharField(max_length=120)
    created_at = clock.MadeAt()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner"  # money, members, and all that the others may
        MANAGER = "manager"  # data, questions, batches and releases; no money
        VIEWER = "viewer"  # looks

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="one_membership_each"),
            models.CheckConstraint(condition=Q(role__in=["owner", "manager", "viewer"]), name="a_role_of_members"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.organisation}"


class Invitation(models.Model):
    """An address is asked to join an organisation. Nothing ties it to a person before she has accepted."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(max_length=254, db_index=True, help_text="an e-mail address, or a number in E.164")
    role = models.CharField(max_length=10, choices=Membership.Role.choices, default=Membership.Role.VIEWER)
    created_at = clock.MadeAt()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "address"], condition=Q(ended_at=None), name="one_waiting_invitation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.organisation}"


def end_of_new_token():
    return clock.now() + timedelta(days=settings.TOKEN_DAYS)


class ApiToken(models.Model):
    """A secret of a person's for programs. Only its hash is kept; scopes limit what it opens."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    token_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # of: "work", "wallet", "projects", "label"
    created_at = clock.MadeAt()
    expires_at = models.DateTimeField(default=end_of_new_token)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    @property
    def has_ended(self) -> bool:
        return self.expires_at <= clock.now()


class AuditCount(models.Model):
    """How often something happened in an hour, see people.audit.record_often."""

    key = models.CharField(max_length=64, primary_key=True)
    times = models.BigIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:12]


class Lasting(models.Model):
    """What allauth counts (tries of a second factor, sign-ups) and which app's codes were used: a cache of Django's, in a table of ours,
    that a flush of Redis does not empty. Its columns are DatabaseCache's."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_lasting"

    def __str__(self) -> str:
        return self.cache_key


class BudgetSpent(models.Model):
    """When something limited was done, in seconds; see people.budgets. The key is a hash: no address stands here."""

    key = models.CharField(max_length=64, primary_key=True)
    spent = ArrayField(models.FloatField())
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:12]


class AuditEntry(models.Model):
    """What somebody did, written by the action that did it. Named `area.verb`."""

    at = clock.MadeAt(db_index=True)
    actor = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target}"
