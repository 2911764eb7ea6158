"""The transactional outbox, and webhooks that leave through it."""

from django.db import models
from django.db.models import Q

from delivery.encryption import SealedField


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened. Handlers make it so elsewhere."""

    name = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["name", "id"], condition=Q(delivered_at=None), name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class WebhookEndpoint(models.Model):
    """Where an organisation wants to hear of decided items (Standard Webhooks)."""

    organisation_id = models.BigIntegerField(db_index=True)
    url = models.URLField(max_length=500)
    secret = SealedField()  # whsec_ + base64, 32 bytes
    previous_secret = SealedField(blank=True)
    events = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row, up to ten
    rests_until = models.DateTimeField(null=True, blank=True)  # is being tried, or failed and is left alone for a while

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40)
    body = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "message_id"], name="one_delivery_each_message")]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(delivered_at=None), name="webhook_waiting")]

    def __str__(self) -> str:
        return self.message_id
