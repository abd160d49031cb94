"""Addresses of this surface."""

from django.urls import URLPattern

app_name = "counter"
urlpatterns: list[URLPattern] = []
