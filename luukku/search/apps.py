from django.apps import AppConfig
from django.core import checks


class SearchConfig(AppConfig):
    name = "luukku.search"

    def ready(self) -> None:
        from luukku.search import events, pages  # noqa: PLC0415 -- models are there only now
        from luukku.search.checks import voikko  # noqa: PLC0415 -- no model can be imported before all apps are there

        pages.listen()
        events.listen()
        checks.register(voikko)
