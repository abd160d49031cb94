"""For pytest: quick hashes, mail in memory, strict templates; the rest as people get it."""

from luukku.config.settings.base import *  # noqa: F403 -- one file of settings continues the other
from luukku.config.settings.base import (
    CACHES,
    DATABASES,
    EMBEDDED_POSTGRES,
    MIDDLEWARE,
    ROOT,
    TEMPLATES,
    env,
)


class UnknownVariable(str):
    """Makes a template fail loudly on a variable that nobody gave it."""

    # Names that templates of others leave unknown.
    others = ("authenticators.",)

    def __mod__(self, name: object) -> str:
        if str(name).startswith(self.others):
            return ""
        raise AssertionError(f"Unknown template variable: {name}")

    def __contains__(self, item: object) -> bool:
        return item == "%s"


SECRET_KEY = "only-for-tests-" + "x" * 50
DEBUG = False
LUUKKU_GALLERY = True
LUUKKU_DEMO = False
LUUKKU_BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# Tests make and empty tables; pages are asked for as the application (tests.harness.AsApplication).
DATABASES["default"]["USER"] = (
    DATABASES["default"]["USER"] if EMBEDDED_POSTGRES is None else "postgres"
)
DATABASE_OWNER = None
DATABASE_APPLICATION = "luukku_app"
# The live server keeps its connection while the browser keeps its own; the tests' own client closes none.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["TEST"] = {"NAME": f"test_luukku_{env.str('LUUKKU_TEST_DB', default='main')}"}
DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
    "options": "-c synchronous_commit=off -c luukku.may_truncate=yes -c jit=off -c max_parallel_workers_per_gather=0"
}
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable("%s")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATICFILES_DIRS = [ROOT / "tests" / "vendor"]  # axe, which the tests put into pages
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False
MIDDLEWARE = ["tests.harness.AsApplication", "tests.harness.SelectOnly", *MIDDLEWARE]
