from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "luukku.experts"
