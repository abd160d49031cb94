from importlib import import_module

from django.apps import AppConfig, apps
from django.core import checks
from django.utils.module_loading import autodiscover_modules, module_has_submodule

# What an app says of itself to those who collect it, in files of these names.
FOUND_BY_THEMSELVES = ("notices", "duties", "spec")


class ConfigConfig(AppConfig):
    name = "luukku.config"
    label = "config"

    def ready(self) -> None:
        from luukku.config.checks import ALL  # noqa: PLC0415 -- settings are there only now

        for check in ALL:
            checks.register(check)
        autodiscover_modules("desks")
        for app in reversed(list(apps.get_app_configs())):  # the lowest first, as in the layers
            for name in FOUND_BY_THEMSELVES:
                if app.name.startswith("luukku.") and module_has_submodule(app.module, name):
                    import_module(f"{app.name}.{name}")
