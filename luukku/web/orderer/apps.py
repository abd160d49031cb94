from django.apps import AppConfig


class OrdererConfig(AppConfig):
    name = "luukku.web.orderer"
    label = "web_orderer"
