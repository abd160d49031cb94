"""Entry points of the worker."""

from django.utils import timezone
from django_tasks import task

from luukku.accounts.models import User
from luukku.training import actions
from luukku.training.models import Certificate


@task()
def forget_applications() -> int:
    """Forget applications when their time has come."""
    return actions.forget_applications(at=timezone.now())


@task()
def forget_messages() -> int:
    """Delete messages of those who train when their time has come."""
    return actions.forget_messages(at=timezone.now())


@task()
def write_certificate(pk: int) -> int:
    """Write a certificate as PDF in each language; one that has been deleted meanwhile is none."""
    made = Certificate.objects.filter(pk=pk).select_related("application__person").first()
    return len(actions.write_certificate(made, at=timezone.now())) if made else 0


@task()
def write_record(pk: int, language: str) -> int:
    """Write somebody's record of trainings as PDF."""
    person = User.objects.filter(pk=pk).first()
    if person is None:
        return 0
    actions.write_record(person, language, at=timezone.now())
    return 1
