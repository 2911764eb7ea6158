from django.db import migrations, models
from django.db.models import Q

ROLES = [("owner", "Owner"), ("manager", "Manager"), ("viewer", "Viewer")]


class Migration(migrations.Migration):
    """A member of before becomes a manager: she keeps her work, and has no longer a hand in the money that nobody gave her."""

    dependencies = [("people", "0009_terms_and_languages")]

    operations = [
        migrations.RunSQL(
            "UPDATE people_membership SET role = 'manager' WHERE role = 'member'; "
            "UPDATE people_invitation SET role = 'manager' WHERE role = 'member'",
            migrations.RunSQL.noop,
        ),
        *(
            migrations.AlterField(model, "role", models.CharField(choices=ROLES, default="viewer", max_length=10))
            for model in ("membership", "invitation")
        ),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(condition=Q(role__in=["owner", "manager", "viewer"]), name="a_role_of_members"),
        ),
    ]
