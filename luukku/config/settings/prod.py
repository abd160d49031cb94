"""For real people: refuses to start on defaults that only a developer's machine may have."""

from django.core.exceptions import ImproperlyConfigured

from luukku.config.settings.base import *  # noqa: F403
from luukku.config.settings.base import (
    DEBUG,
    DEFAULT_SECRET,
    IS_HTTPS,
    LUUKKU_DEMO,
    LUUKKU_FIELD_KEYS,
    SECRET_KEY,
    env,
)

if SECRET_KEY == DEFAULT_SECRET or len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("Set SECRET_KEY to a random text of 50 characters or more.")
if not LUUKKU_FIELD_KEYS:
    raise ImproperlyConfigured("Set LUUKKU_FIELD_KEYS: free text about people is stored encrypted.")
if not env.list("ALLOWED_HOSTS", default=[]):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names this site answers to.")
if not IS_HTTPS:
    raise ImproperlyConfigured("Set LUUKKU_BASE_URL to the https address of this site.")
if DEBUG or LUUKKU_DEMO:
    raise ImproperlyConfigured("LUUKKU_DEBUG and LUUKKU_DEMO are not for production.")

LUUKKU_SECOND_FACTOR = env.bool("LUUKKU_SECOND_FACTOR", default=True)
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
