"""What the expert likes to do, and in which languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.experts.models import Expert
from luukku.taxonomy.models import Language, TaskType
from luukku.web.parts.experts.profile_forms.base import Box, Section

COMMON_LANGUAGES = {"fi", "sv", "en"}


@dataclass(frozen=True)
class TaskTypeBox:
    """One kind of task with what it is."""

    box: Box
    task_type: TaskType


class Tasks(Section):
    """Kinds of tasks and languages."""

    class Meta:
        model = Expert
        fields = ("task_types", "languages")
        labels = {
            "task_types": _("Which tasks would you like?"),
            "languages": _("In which languages?"),
        }
        widgets = {
            "task_types": forms.CheckboxSelectMultiple,
            "languages": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "task_types": _("Choose all that might suit you. You decide on each task separately."),
            "languages": _("Languages in which you can work, also sign language."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.task_types.values("pk")
        self.fields["task_types"].queryset = TaskType.objects.filter(
            Q(is_active=True) | Q(pk__in=kept)
        )
        self.fields["languages"].queryset = Language.objects.order_by("position", "code")
        self._need("task_types", _("Choose at least one kind of task."))
        self._need("languages", _("Choose at least one language."))

    def _need(self, name: str, message: object) -> None:
        self.fields[name].required = True
        self.fields[name].error_messages["required"] = message

    def task_type_boxes(self) -> list[TaskTypeBox]:
        """Return the kinds of tasks with their boxes."""
        types = {task_type.pk: task_type for task_type in self.fields["task_types"].queryset}
        return [
            TaskTypeBox(box, types[int(str(box.data["value"]))])
            for box in self["task_types"].subwidgets
        ]

    def languages_common(self) -> list[Box]:
        """Return the boxes of the country's languages and of whatever has been chosen."""
        return [box for box in self["languages"].subwidgets if self._is_common(box)]

    def languages_rare(self) -> list[Box]:
        """Return the boxes of the other languages."""
        return [box for box in self["languages"].subwidgets if not self._is_common(box)]

    @staticmethod
    def _is_common(box: Box) -> bool:
        return str(box.data["value"]) in COMMON_LANGUAGES or box.data["selected"]
