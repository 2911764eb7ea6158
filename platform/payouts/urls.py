from django.urls import path

from payouts.views import callback

urlpatterns = [path("rails/<str:provider>/callback", callback, name="rail-callback")]
