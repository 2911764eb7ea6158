"""What those who do the work say of a project, and ask about it; and what its requester answers."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, QuerySet

from labelling.models.projects import Project
from ledger import clock
from people.models import Worker

MARKS = ("clear", "fair", "paid")
NO, PARTLY, YES = 1, 2, 3
TOLD_FROM = 3  # raters of a project: below that its requester would know who said what


class Rating(models.Model):
    """One a worker and project: is it clear, is it fair, does it pay as it said. Its requester never learns whose it is."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="ratings", db_index=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="ratings")
    clear = models.PositiveSmallIntegerField()
    fair = models.PositiveSmallIntegerField()
    paid = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    said_at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "worker"], name="one_rating_each"),
            models.CheckConstraint(
                condition=Q(clear__range=(1, 3)) & Q(fair__range=(1, 3)) & Q(paid__range=(1, 3)), name="rating_marks"
            ),
        ]

    def __str__(self) -> str:
        return f"rating of {self.project_id}"


def told_ratings() -> QuerySet[Rating]:
    """Those that the requester is told: of projects that so many have rated."""
    by_project = Rating.objects.order_by().values("project").annotate(n=Count("pk"))
    return Rating.objects.filter(project__in=by_project.filter(n__gte=TOLD_FROM).values("project"))


class TaskQuestion(models.Model):
    """Asked from a task; the answer is for all who do this work."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="task_questions")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    asked_at = clock.MadeAt()
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-replied_at"], name="answered_questions")]

    def __str__(self) -> str:
        return f"question about {self.project_id}"
