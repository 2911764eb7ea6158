"""What is said in the open about a project, by those who do its work and by who asks."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from labelling.models.projects import Project
from ledger import clock
from people.models import Worker


class Post(models.Model):
    """By a worker, under her pseudonym, or for the requester by one of the organisation. What is taken down is kept, and told to nobody."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="posts")
    worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="posts")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    said_at = clock.MadeAt()
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["worker", "said_at"], name="posts_of_worker")]
        constraints = [
            models.CheckConstraint(
                condition=Q(worker=None, member__isnull=False) | Q(worker__isnull=False, member=None),
                name="post_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"post {self.pk} about {self.project_id}"


class PostReport(models.Model):
    """Somebody says that it should not stand there: an admin looks."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = clock.MadeAt()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="one_report_each")]

    def __str__(self) -> str:
        return f"report of post {self.post_id}"
