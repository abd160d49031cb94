from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "luukku.web.ui"
    label = "web_ui"
