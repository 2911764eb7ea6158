"""Said at a task: what it shows is disturbing, and nobody warned of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from labelling.models.projects import Project
from labelling.models.work import Lease
from ledger import clock


class ContentReport(models.Model):
    """Waits for an admin. Her words stand in the lease that she gave back."""

    lease = models.OneToOneField(Lease, on_delete=models.PROTECT, related_name="content_report")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="content_reports")
    made_at = clock.MadeAt()
    found = ArrayField(
        models.CharField(max_length=12), default=list, db_default=[]
    )  # what it has to warn of; empty: it is not so
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"content of {self.project_id}"

    @property
    def words(self) -> str:
        return self.lease.report_reason.partition(": ")[2]
