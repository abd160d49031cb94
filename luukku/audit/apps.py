from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "luukku.audit"

    def ready(self) -> None:
        """Let personal fields report who reads them."""
        from luukku.audit.reading import install  # noqa: PLC0415 -- models are there only now

        install()
