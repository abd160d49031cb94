"""Addresses of this surface."""

from django.urls import URLPattern

app_name = "expert"
urlpatterns: list[URLPattern] = []
