"""Settings shared by every mode. All that differs between machines comes from the environment.

Each variable is described in ``docs/reference/settings.md``; a test holds the two together.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from luukku.config.postgres import embedded_urls
from luukku.config.settings.coping import coping

env = environ.Env()
ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "luukku"

# -- The machine -------------------------------------------------------------
DEFAULT_SECRET = "insecure-for-this-machine-only"  # noqa: S105 -- refused outside loopback, see prod.py
LUUKKU_VAR = Path(env.str("LUUKKU_VAR", default=str(ROOT / "var"))).resolve()
LUUKKU_BASE_URL = env.str("LUUKKU_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
LUUKKU_REGION = env.str("LUUKKU_REGION", default="satakunta")
LUUKKU_EXPERT_WORD = env.str("LUUKKU_EXPERT_WORD", default="")
LUUKKU_DEMO = env.bool("LUUKKU_DEMO", default=False)
LUUKKU_GALLERY = env.bool("LUUKKU_GALLERY", default=False)
LUUKKU_ASK_CHANGED_AFTER_DAYS = env.int("LUUKKU_ASK_CHANGED_AFTER_DAYS", default=90)
LUUKKU_SECOND_FACTOR = env.bool("LUUKKU_SECOND_FACTOR", default=False)  # prod.py: on
LUUKKU_IDLE_MINUTES = env.int("LUUKKU_IDLE_MINUTES", default=24 * 60)
LUUKKU_IDLE_MINUTES_STAFF = env.int("LUUKKU_IDLE_MINUTES_STAFF", default=30)
LUUKKU_IDLE_MINUTES_SHARED = env.int("LUUKKU_IDLE_MINUTES_SHARED", default=15)
LUUKKU_CARDS_A_DAY = env.int("LUUKKU_CARDS_A_DAY", default=30)
LUUKKU_REPLY_DAYS = env.int("LUUKKU_REPLY_DAYS", default=3)
LUUKKU_EVENT_CONTACT_DAYS = env.int("LUUKKU_EVENT_CONTACT_DAYS", default=30)
LUUKKU_THREAD_DAYS = env.int("LUUKKU_THREAD_DAYS", default=45)
LUUKKU_COPING = coping(env)
# How people reach the counter, read by luukku.core.counter. The demo's can be neither rung nor written to.
_demo = {
    "phone": "000 123 4567",
    "email": "luukku@demo.invalid",
    "fi": "ma–pe klo 9–15 (keksitty)",
    "sv": "må–fr kl. 9–15 (påhittat)",
    "en": "Mon–Fri 9–15 (invented)",
}
_contact = _demo if LUUKKU_DEMO else dict.fromkeys(_demo, "")
LUUKKU_COUNTER_NAME = env.str("LUUKKU_COUNTER_NAME", default="Kokemusluukku")
LUUKKU_COUNTER_PHONE = env.str("LUUKKU_COUNTER_PHONE", default=_contact["phone"])
LUUKKU_COUNTER_EMAIL = env.str("LUUKKU_COUNTER_EMAIL", default=_contact["email"])
LUUKKU_COUNTER_HOURS = {
    "fi": env.str("LUUKKU_COUNTER_HOURS", default=_contact["fi"]),
    "sv": env.str("LUUKKU_COUNTER_HOURS_SV", default=_contact["sv"]),
    "en": env.str("LUUKKU_COUNTER_HOURS_EN", default=_contact["en"]),
}
LUUKKU_FIELD_KEYS = env.list("LUUKKU_FIELD_KEYS", default=[])
SECRET_KEY = env.str("SECRET_KEY", default=DEFAULT_SECRET)
DEBUG = env.bool("LUUKKU_DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
_base = urlsplit(LUUKKU_BASE_URL)
IS_HTTPS = _base.scheme == "https"
IS_LOOPBACK = _base.hostname in {"127.0.0.1", "localhost", "::1"}
LUUKKU_TRUSTED_PROXIES = env.list("LUUKKU_TRUSTED_PROXIES", default=[])
CSRF_TRUSTED_ORIGINS = [LUUKKU_BASE_URL] if IS_HTTPS else []

# -- Database: PostgreSQL and nothing else -----------------------------------
_url, _owner = env.str("DATABASE_URL", default=""), env.str("DATABASE_OWNER_URL", default="")
EMBEDDED_POSTGRES = None if _url else LUUKKU_VAR / "pg"
if EMBEDDED_POSTGRES:
    _url, _owner = embedded_urls(EMBEDDED_POSTGRES)
DATABASES = {"default": env.db_url_config(_url)}
# Makes the tables; the application gets its rights in them. Without one, the application is the owner.
DATABASE_OWNER = env.db_url_config(_owner) if _owner else None
DATABASE_APPLICATION = DATABASES["default"]["USER"] if DATABASE_OWNER else ""
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_MAX_AGE": env.int("LUUKKU_CONN_MAX_AGE", default=3600),  # core.compiled: plans go with it
    "CONN_HEALTH_CHECKS": True,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_caches = "django.core.cache.backends"
CACHES = {
    "default": {"BACKEND": f"{_caches}.db.DatabaseCache", "LOCATION": "django_cache"},
    # Open pages as each process keeps them for itself; luukku.web.kit.cached_pages.
    "pages": {
        "BACKEND": f"{_caches}.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# -- Apps, in the order of architecture.md -----------------------------------
INSTALLED_APPS = [
    "luukku.config",
    "luukku.web.parts",
    "luukku.web.ui",
    # Somebody's desks are listed, and the first of them opened, in this order.
    "luukku.web.counter",
    "luukku.web.expert",
    "luukku.web.orderer",
    "luukku.web.public",
    "luukku.search",
    "luukku.workbench",
    "luukku.content",
    "luukku.feedback",
    "luukku.coping",
    "luukku.readiness",
    "luukku.matching",
    "luukku.assignments",
    "luukku.orders",
    "luukku.guidance",
    "luukku.events",
    "luukku.training",
    "luukku.experts",
    "luukku.organisations",
    "luukku.taxonomy",
    "luukku.accounts",
    "luukku.workflow",
    "luukku.privacy",
    "luukku.notices",
    "luukku.audit",
    # Writing pages is not what we exist for: Wagtail does it.
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.redirects",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.locales",
    "luukku.content.apps.EditorConfig",  # wagtail.admin
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's list of passkeys says how long ago
    "django.contrib.postgres",
    "django.forms",
    "django_cotton.apps.SimpleAppConfig",  # the other one would name loaders of its own
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules.apps.AutodiscoverRulesConfig",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "luukku.config.proxies.ProxyMiddleware",
    "luukku.config.views.HealthMiddleware",
    "luukku.web.kit.odd_addresses.OddAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "luukku.web.kit.private.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "luukku.web.ui.soft_hyphens.SoftHyphenMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "luukku.web.parts.account.sign_in.sessions.IdleMiddleware",
    "luukku.web.parts.account.sign_in.factors.FactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "luukku.web.parts.account.sign_in.fresh.FreshMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "luukku.config.views.MethodMiddleware",
    "luukku.web.kit.typed.TypedMiddleware",
    "luukku.web.kit.refused.RefusedFormMiddleware",
    "luukku.web.kit.once.OnceMiddleware",
    "luukku.web.parts.content.cms.CmsMiddleware",
    "luukku.web.parts.content.moved.MovedMiddleware",
    "luukku.web.kit.reading.ReadingMiddleware",
]
ROOT_URLCONF = "luukku.config.urls"
WSGI_APPLICATION = "luukku.config.wsgi.application"

# -- Templates and forms ------------------------------------------------------
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "luukku.web.ui.lean.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "luukku.web.ui.templatetags.forms",  # after Django's own: its csrf_token replaces that
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "luukku.web.kit.frame.desk_context",
                "luukku.web.counter.queue.frame",
                "luukku.web.parts.account.sign_in.sessions.idle",
                "luukku.web.kit.cached_pages.csrf_placeholder",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- Language, place, time ----------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
# Wagtail's, where its own are missing or not the ones that we use.
EDITOR_WORDS = ROOT / "locale-editor"
LOCALE_PATHS = [ROOT / "locale", EDITOR_WORDS]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
FORMAT_MODULE_PATH = ["luukku.config.formats"]

# -- People and their rights --------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("desk")
ACCOUNT_ADAPTER = "luukku.web.parts.account.sign_in.adapter.SignInAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "luukku.accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "luukku.web.parts.account.sign_in.forms.PasswordForm",
    "request_login_code": "luukku.web.parts.account.sign_in.forms.CodeForm",
    "confirm_login_code": "luukku.web.parts.account.sign_in.forms.CodeCameForm",
    "reset_password": "luukku.web.parts.account.sign_in.forms.ResetForm",
    "signup": "luukku.web.parts.account.sign_in.forms.JoinForm",
}
# By addresses, high enough for a hospital that shows itself as one; by names: luukku.web.parts.account.sign_in.limits.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "100/m/ip",
    "login_failed": "5/5m/key",  # second factors: guessing begins after the password
    "request_login_code": "60/m/ip",
    "reset_password": "60/m/ip",
    "signup": "60/m/ip",
    "confirm_email": "60/m/ip",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Seconds: a letter may take minutes, so may reading and typing; wrong tries are counted.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("public:start")
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True  # one address for one account: the new one replaces it once confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds that a sign-in counts as fresh
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "luukku.web.parts.account.sign_in.mfa.FactorAdapter"
MFA_TOTP_ISSUER = "Kokemusluukku"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

# -- Pages that the counter writes -----------------------------------------------
WAGTAIL_SITE_NAME = "Kokemusluukku"
WAGTAILADMIN_BASE_URL = LUUKKU_BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_ENABLE_UPDATE_CHECK = False  # asks another host
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # asks another host
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # allauth's
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = reverse_lazy("account_login")
WAGTAILADMIN_LOGIN_URL = reverse_lazy("account_login")
WAGTAILADMIN_COMMENTS_ENABLED = False  # they would be told of by mails of Wagtail's own
WAGTAIL_DATE_FORMAT, WAGTAIL_TIME_FORMAT = "%d.%m.%Y", "%H.%M"  # as ``content.moments`` takes them
WAGTAIL_DATETIME_FORMAT = f"{WAGTAIL_DATE_FORMAT} {WAGTAIL_TIME_FORMAT}"
WAGTAIL_ALLOW_UNICODE_SLUGS = False  # ä is a in an address
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = True
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000  # ``content.files`` refuses them before decoding
WAGTAILDOCS_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []  # every document is a download

# -- Background work and mail -------------------------------------------------
TASKS = {"default": {"BACKEND": "luukku.core.work.Backend", "QUEUES": ["default", "mail"]}}
_email = env.email_url_config(env.str("EMAIL_URL", default=f"filemail://{LUUKKU_VAR / 'mail'}"))
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = str(LUUKKU_VAR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str(
    "LUUKKU_FROM_EMAIL", default=f"Kokemusluukku <luukku@{_base.hostname}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- Files ---------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = LUUKKU_VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = LUUKKU_VAR / "media"
MEDIA_URL = "/media/"
# The only one: nothing comes in uncleaned.
FILE_UPLOAD_HANDLERS = ["luukku.web.parts.content.uploads.CleaningHandler"]
# 1 MB of text must reach the form and get a clear answer.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# -- Safety ---------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "luukku.web.kit.held.csrf_failed"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tidy": {"()": "luukku.config.logs.Tidy"}},
    "formatters": {
        "plain": {
            "()": "luukku.config.logs.Plain",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["tidy"]}
    },
    # Django would write to the console and send mail by itself, past the filter.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "embedded_postgres": {"level": "CRITICAL"},
        "wagtail": {"level": "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LUUKKU_LOG_LEVEL", default="INFO")},
}
