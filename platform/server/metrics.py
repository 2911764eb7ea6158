"""/metrics for Prometheus: figures of the whole house, for its own monitoring and for admins only."""

import hmac
import os

import prometheus_client
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import multiprocess

from server.gauges import figures


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """With `Authorization: Bearer $METRICS_TOKEN`, or an admin's session; 403 for everybody else."""
    if not is_operator(request):
        raise PermissionDenied
    text = prometheus_client.generate_latest(_of_all_processes()) + prometheus_client.generate_latest(figures)
    return HttpResponse(text, content_type=prometheus_client.CONTENT_TYPE_LATEST)


def is_operator(request: HttpRequest) -> bool:
    given, wanted = request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    by_token = bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), wanted.encode())
    return by_token or (settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff)


def _of_all_processes() -> prometheus_client.CollectorRegistry:
    """Of all web processes of this machine where they write their counts down (`./run web` says where), else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return prometheus_client.REGISTRY
    registry = prometheus_client.CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry
