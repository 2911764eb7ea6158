"""What was asked, word for word. A version stands as it was written: the database refuses to change one."""

from django.db import models

from ledger import clock


class QuestionVersion(models.Model):
    """Title, instructions and the task type's settings as a worker saw them; her lease names the version."""

    project = models.ForeignKey("labelling.Project", on_delete=models.CASCADE, related_name="questions", db_index=False)
    number = models.PositiveIntegerField()  # 1, 2, ... within its project
    title = models.CharField(max_length=120)
    instructions = models.JSONField()
    config = models.JSONField()
    changes = models.JSONField(
        default=list
    )  # what became of labels: [{"id", "what": "added|renamed|merged|retired", "into"?}]
    sha256 = models.CharField(
        max_length=64
    )  # of the canonical bytes of what was asked: labelling/projects/write_question.py
    created_at = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="question_number_once")]

    def __str__(self) -> str:
        return f"question {self.number} of {self.project_id}"
