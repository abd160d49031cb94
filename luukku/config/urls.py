"""Every address of the site. Pages for people carry a language; machines' addresses do not."""

from allauth.account.views import password_set
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from luukku.config import views
from luukku.web.parts.account import account
from luukku.web.parts.account.looked import looked
from luukku.web.parts.account.sign_in import codes
from luukku.web.parts.account.sign_in.factors import second_factor
from luukku.web.parts.account.sign_in.fresh import by_code, fresh
from luukku.web.parts.account.sign_in.sessions import stay
from luukku.web.parts.content.cms import own, pages_of_language, words
from luukku.web.public import badges, pages, robots_and_media

urlpatterns = [
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
    path("i18n/setlang/", views.change_language, name="set_language"),
    path("robots.txt", robots_and_media.robots, name="robots"),
    path("sitemap.xml", robots_and_media.sitemap, name="sitemap"),
    path("share/<int:pk>-<slug:key>.png", robots_and_media.card, name="card"),
    path("media/<path:path>", robots_and_media.media, name="media"),
    path("badges/picture.png", badges.picture, name="badge-picture"),
    path("badges/<int:pk>/did.json", badges.issuer, name="badge-issuer"),
    path("badges/<int:pk>/status.jwt", badges.status, name="badge-status"),
    path("cms/account/", own, name="wagtailadmin_account"),
    path("cms/pages/", pages_of_language, name="wagtailadmin_explore_root"),
    path("cms/jsi18n/", words, name="wagtailadmin_javascript_catalog"),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/<int:pk>/<path:name>", robots_and_media.document, name="document"),
    path("documents/", include(wagtaildocs_urls)),  # the names that Wagtail knows
    *i18n_patterns(
        path("account/second-factor/", second_factor, name="second-factor"),
        path("account/confirm/code/", by_code, name="confirm-by-code"),
        path("account/password/set/", fresh(password_set)),  # allauth asks nobody who is there
        path("account/email/", codes.address, name="account_email"),
        path("account/confirm-email/", codes.address_code, name="account_email_verification_sent"),
        path("account/login/code/confirm/", codes.login_code, name="account_confirm_login_code"),
        path("account/", include("allauth.urls")),
        path("me/stay/", stay, name="stay"),
        path("me/sign-out-everywhere/", account.end_sessions, name="end-sessions"),
        path("me/", account.account, name="account"),
        path("me/notices/", account.notice_settings, name="notice-settings"),
        path("me/letters/", account.letters, name="letters"),
        path("me/looked/", looked, name="looked"),
        path("desk/", views.own_desk, name="desk"),
        path("desk/switch/", views.switch_desk, name="switch-desk"),
        path("expert/", include("luukku.web.expert.urls")),
        path("orderer/", include("luukku.web.orderer.urls")),
        path("counter/", include("luukku.web.counter.urls")),
        *([path("ui/", include("luukku.web.ui.urls"))] if settings.LUUKKU_GALLERY else []),
        path("", include("luukku.web.public.urls")),
        # Last: every other address is a page that the counter wrote. Wagtail knows it by this name.
        re_path(r"^((?:[\w\-]+/)*)$", pages.content, name="wagtail_serve"),
    ),
]
handler403 = "luukku.config.views.forbidden"
handler404 = "luukku.config.views.not_found"
handler429 = "luukku.config.views.too_many"
handler500 = "luukku.config.views.server_error"
