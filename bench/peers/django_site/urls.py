"""One path, two operations."""

from django.urls import path

from bench.peers.django_site.views import Requests

urlpatterns = [path("api/v1/requests", Requests.as_view())]
