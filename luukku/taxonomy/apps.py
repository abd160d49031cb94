from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    name = "luukku.taxonomy"

    def ready(self) -> None:
        from luukku.taxonomy.words import chosen_word, teach_catalogue  # noqa: PLC0415 -- needs the models

        teach_catalogue(chosen_word())
