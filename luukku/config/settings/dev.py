"""This machine only: embedded database, mail into files, default secret."""

from django.core.exceptions import ImproperlyConfigured

from luukku.config.settings.base import *  # noqa: F403 -- one file of settings continues the other
from luukku.config.settings.base import DEFAULT_SECRET, IS_LOOPBACK, SECRET_KEY

if SECRET_KEY == DEFAULT_SECRET and not IS_LOOPBACK:
    raise ImproperlyConfigured("Set SECRET_KEY: the default one is for this machine only.")
