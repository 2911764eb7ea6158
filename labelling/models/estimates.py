"""A number that a requester asks for. labelling/estimates/"""

from django.db import models

from labelling.models.batches import Batch
from labelling.models.projects import Project
from ledger import clock
from people.models import Person


class Estimate(models.Model):
    """Of what, how exactly, and the sample that was fixed when it was asked for: whoever has `seed` and `items` draws it again."""

    class Of(models.TextChoices):
        SHARE = "share"  # of items with the label `what`
        ACCURACY = "accuracy"  # of the annotator `what`: "model:3" or "judge:7"
        WIN_RATE = "win_rate"  # of the part `what`
        MEAN = "mean"  # of a number

    class State(models.TextChoices):
        OPEN = "open"
        REACHED = "reached"  # as exact as was asked for
        ENDED = "ended"  # its draws are all seen, or its batch was closed before

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="estimates")
    of = models.CharField(max_length=10, choices=Of.choices)
    what = models.CharField(max_length=60, blank=True)
    half_width_ppm = models.PositiveIntegerField()  # of the range
    confidence_ppm = models.PositiveIntegerField()
    draws = models.PositiveIntegerField()
    seed = models.CharField(max_length=64)
    low = models.FloatField()  # the range of the number
    high = models.FloatField()
    items = models.JSONField()  # [[item, what was predicted of it, in millionths of the range]]
    batch = models.OneToOneField(Batch, null=True, on_delete=models.PROTECT, related_name="estimate")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    result = models.JSONField(null=True)  # once it is no more open: [value, low, high, draws seen]
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = clock.MadeAt()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.of} {self.what} of {self.project_id}"
