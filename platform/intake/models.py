"""Files made safe: a private original and the variants that are served."""

from django.db import models


class Media(models.Model):
    class Kind(models.TextChoices):
        IMAGE = "image"
        AUDIO = "audio"
        VIDEO = "video"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    sha256 = models.CharField(max_length=64)  # of the original bytes
    organisation_id = models.BigIntegerField()  # never shared between organisations: a hash must not tell who has what
    original = models.CharField(max_length=200)  # storage name, never served
    file_name = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=80)
    size_bytes = models.BigIntegerField()
    width_px = models.PositiveIntegerField(null=True)  # upright
    height_px = models.PositiveIntegerField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    # {"320": {"name": storage name, "type": "image/webp", "bytes": n, "width": px, "height": px}, "tiles": {...}, "opus": {...}, ...}
    variants = models.JSONField(default=dict)
    notes = models.JSONField(
        default=list
    )  # sentences: what the file says of itself and is not so; told at every upload
    # EXIF orientation of the original, 1..8; null for what is no picture, and for pictures from before it was kept
    turn = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When tiles were made, or tried in vain, for a picture from before there were any.
    tiles_tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation_id", "sha256"], name="one_media_each_content")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name or self.sha256[:12]}"
