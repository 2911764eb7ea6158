"""What is asked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from labelling.models.question_versions import QuestionVersion
from ledger import clock
from people.models import Organisation


class Project(models.Model):
    """What is asked: the task type, the labels, the instructions, the quality wanted."""

    class Medium(models.TextChoices):
        IMAGE = "image"
        TEXT = "text"
        AUDIO = "audio"
        VIDEO = "video"
        PARTS = "parts"

    class Belt(models.TextChoices):
        SEED = "seed"
        SPROUT = "sprout"
        TREE = "tree"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="projects")
    title = models.CharField(max_length=120)
    catalogue_entry = models.CharField(max_length=60, blank=True)
    task_type = models.CharField(max_length=20)
    medium = models.CharField(max_length=10, choices=Medium.choices)
    # Task type's own settings, for example {"labels": [{"id": "cat", "name": {"en": "Cat"}, "colour": "#c00"}]}
    config = models.JSONField(default=dict)
    # Of items of parts, the roles that each must have: {"prompt": {"least": 1, "most": 1, "kinds": ["text"]}}
    expects = models.JSONField(default=dict, db_default={})
    titles = models.JSONField(default=dict, db_default={})  # language -> title, where that is another than `title`
    instructions = models.JSONField(default=dict)  # language -> Markdown
    # The version that leases are lent under now, with the title, instructions and config above.
    question = models.ForeignKey(
        QuestionVersion, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # Labels that are asked no more: [{"id", "name", "colour", "into"}]; `into` is the label that it was merged into, or null.
    past_labels = models.JSONField(default=list, db_default=[])
    language = models.CharField(max_length=10, default="en")
    target_ppm = models.PositiveIntegerField(default=950_000)  # confidence at which an item is done
    min_answers = models.PositiveSmallIntegerField(default=3)
    max_answers = models.PositiveSmallIntegerField(default=5)
    gold_share_bps = models.PositiveSmallIntegerField(default=1000)
    estimated_task_s = models.PositiveSmallIntegerField(default=15)
    # The skill belt that new tasks are lent for (labelling/models/belts.py); "seed" is everybody's.
    asks_belt = models.CharField(max_length=10, choices=Belt.choices, default=Belt.SEED, db_default=Belt.SEED)
    asks_exam = models.BooleanField(default=False, db_default=False)  # new tasks are lent to who has passed its exam
    # Work, training and exams are lent to this team of the organisation alone (labelling/models/teams.py).
    asks_team = models.ForeignKey(
        "labelling.Team", null=True, on_delete=models.PROTECT, related_name="projects", db_index=False
    )
    # What in it may disturb who sees it (kernel/content_warnings.py): said before the first task, and covered until she asks to see it.
    warnings = ArrayField(models.CharField(max_length=12), default=list, db_default=[], blank=True)
    suggestions_enabled = models.BooleanField(default=True)
    label_api_threshold_ppm = models.PositiveIntegerField(default=950_000)
    label_api_audit_bps = models.PositiveSmallIntegerField(default=500)
    labels_promised = models.BooleanField(default=False)  # then a LabelPromise decides in place of the threshold
    created_at = clock.MadeAt()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(target_ppm__lte=999_999), name="project_target_below_certainty"),
            models.CheckConstraint(
                condition=Q(min_answers__gte=1) & Q(max_answers__gte=F("min_answers")), name="project_answer_range"
            ),
            models.CheckConstraint(condition=Q(asks_belt__in=["seed", "sprout", "tree"]), name="project_belt_is_one"),
            models.CheckConstraint(condition=Q(gold_share_bps__lte=5000), name="project_gold_share_at_most_half"),
        ]

    def __str__(self) -> str:
        return self.title

    def title_in(self, language: str) -> str:
        return self.titles.get(language) or self.title
