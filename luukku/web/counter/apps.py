from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "luukku.web.counter"
    label = "web_counter"
