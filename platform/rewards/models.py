"""Points, level and streak. They never touch money or truth."""

from django.db import models

from ledger import clock
from people.models import Worker


class Score(models.Model):
    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, related_name="score")
    points = models.PositiveIntegerField(default=0)
    # days with good work, in a row; a day off costs nothing yet won
    streak_days = models.PositiveIntegerField(default=0)
    best_streak_days = models.PositiveIntegerField(default=0)
    last_good_day = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.worker_id}: {self.points}"


class Grant(models.Model):
    """Points for one settled answer, once."""

    answer_id = models.UUIDField(primary_key=True)
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="grants")
    points = models.PositiveSmallIntegerField()
    granted_at = clock.MadeAt()

    def __str__(self) -> str:
        return f"{self.points} for {self.answer_id}"
