"""Every door of the house. A URL that is not in tests/security's permission table fails the suite."""

from django.contrib import admin
from django.urls import include, path, re_path

from intake.urls import urlpatterns as media
from server import phone
from server.health import health
from server.metrics import metrics

handler500 = "server.away.server_error"
urlpatterns = [
    path("api/v1/", include("api.urls")),  # first: each door before it is tried for each answer
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("admin/", admin.site.urls),
    path("health", health, name="health"),
    re_path(r"^app/(?P<path>.*)$", phone.serve, name="phone"),
    path("", include(media)),
    path("", include("payouts.urls")),
    path("", include("console.urls")),
    path("metrics", metrics, name="metrics"),
]
