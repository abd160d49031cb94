"""Addresses of this surface."""

from django.urls import URLPattern

app_name = "orderer"
urlpatterns: list[URLPattern] = []
