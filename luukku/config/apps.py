from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules


class ConfigConfig(AppConfig):
    name = "luukku.config"
    label = "config"

    def ready(self):
        from luukku.config.checks import ALL  # noqa: PLC0415 -- settings are there only now

        for check in ALL:
            checks.register(check)
        autodiscover_modules("desks")
