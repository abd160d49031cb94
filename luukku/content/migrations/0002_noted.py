from django.db import migrations

from luukku.core.changes import track_changes


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0001_initial"),
        ("workflow", "0004_change"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]
    operations = track_changes(
        "content",
        "content_startpage",
        "content_sectionpage",
        "content_articlepage",
        "content_modelpage",
        "content_tasktypepage",
        "content_trainingpage",
        "content_practicepage",
        "content_practicepage_themes",
        "content_practicepage_services",
        "content_practicepage_task_types",
        "content_storypage",
        "content_newspage",
        "content_eventpage",
        "content_faqpage",
        "content_materialspage",
        "content_privacypage",
        "content_accessibilitypage",
        "content_video",
        "wagtailcore_page",
        "wagtailcore_locale",
        "wagtailimages_image",
        "wagtailimages_rendition",
        "wagtaildocs_document",
    )
