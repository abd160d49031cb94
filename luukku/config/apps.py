from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "luukku.config"
    label = "config"
