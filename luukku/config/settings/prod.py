"""For real people: refuses to start on defaults that only a developer's machine may have."""

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from luukku.config.proxies import networks
from luukku.config.settings.base import *  # noqa: F403 -- one file of settings continues the other
from luukku.config.settings.base import (
    DEBUG,
    DEFAULT_SECRET,
    IS_HTTPS,
    IS_LOOPBACK,
    LUUKKU_DEMO,
    LUUKKU_FIELD_KEYS,
    LUUKKU_GALLERY,
    LUUKKU_IDLE_MINUTES,
    LUUKKU_IDLE_MINUTES_SHARED,
    LUUKKU_IDLE_MINUTES_STAFF,
    LUUKKU_TRUSTED_PROXIES,
    SECRET_KEY,
    env,
)

if SECRET_KEY == DEFAULT_SECRET or len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("Set SECRET_KEY to a random text of 50 characters or more.")
if not LUUKKU_FIELD_KEYS:
    raise ImproperlyConfigured("Set LUUKKU_FIELD_KEYS: free text about people is stored encrypted.")
hosts = env.list("ALLOWED_HOSTS", default=[])
if not hosts or any(host.strip() in {"", "*", "."} for host in hosts):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the very names this site answers to.")
if not IS_HTTPS:
    raise ImproperlyConfigured("Set LUUKKU_BASE_URL to the https address of this site.")
if DEBUG or LUUKKU_DEMO or LUUKKU_GALLERY:
    raise ImproperlyConfigured(
        "LUUKKU_DEBUG, LUUKKU_DEMO and LUUKKU_GALLERY are not for production."
    )
if IS_LOOPBACK:
    raise ImproperlyConfigured(
        "LUUKKU_BASE_URL leads to this machine only: nobody can open a link."
    )
try:
    for key in LUUKKU_FIELD_KEYS:
        Fernet(key)
    networks(tuple(LUUKKU_TRUSTED_PROXIES))
except ValueError as error:
    raise ImproperlyConfigured("LUUKKU_FIELD_KEYS: each is a Fernet key.") from error
if min(LUUKKU_IDLE_MINUTES, LUUKKU_IDLE_MINUTES_STAFF, LUUKKU_IDLE_MINUTES_SHARED) < 5:
    raise ImproperlyConfigured("LUUKKU_IDLE_MINUTES…: five minutes at least, or nobody can write.")

LUUKKU_SECOND_FACTOR = env.bool("LUUKKU_SECOND_FACTOR", default=True)
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
