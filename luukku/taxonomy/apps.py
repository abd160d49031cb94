from django.apps import AppConfig

from luukku.taxonomy.words import chosen_word, teach_catalogue


class TaxonomyConfig(AppConfig):
    name = "luukku.taxonomy"

    def ready(self) -> None:
        teach_catalogue(chosen_word())
