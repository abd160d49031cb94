from django.apps import AppConfig
from django.core import checks


class ConfigConfig(AppConfig):
    name = "luukku.config"
    label = "config"

    def ready(self):
        from luukku.config.checks import counter_contact  # noqa: PLC0415 -- settings are there only now

        checks.register(counter_contact)
