from django.apps import AppConfig


class ExpertConfig(AppConfig):
    name = "luukku.web.expert"
    label = "web_expert"
