"""Points, level and streak. They never touch money or truth."""

from django.db import models
from django.db.models import Q

from ledger import clock
from people.models import Worker

MAX_GOAL = 500  # tasks a day: more is no goal, but a treadmill


class Score(models.Model):
    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, related_name="score")
    points = models.PositiveIntegerField(default=0)
    # days with good work, in a row; a day off costs nothing yet won
    streak_days = models.PositiveIntegerField(default=0)
    best_streak_days = models.PositiveIntegerField(default=0)
    last_good_day = models.DateField(null=True)
    goal_tasks = models.PositiveSmallIntegerField(default=0, db_default=0)  # a day, as she set it; 0: none

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(goal_tasks__lte=MAX_GOAL), name="a_goal_that_ends")]

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
