"""The console's doors."""

from django.urls import path

from console.views import home

app_name = "console"
urlpatterns = [
    path("", home.landing, name="landing"),
    path("console/", home.dashboard, name="home"),
]
