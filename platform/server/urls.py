"""Every door of the house. A URL that is not in tests/security's permission table fails the suite."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("admin/", admin.site.urls),
    path("", include("payouts.urls")),
    path("", include("console.urls")),
    path("", include("django_prometheus.urls")),
]
