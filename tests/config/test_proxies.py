import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from luukku.config.proxies import ProxyMiddleware, networks


def seen(settings, proxies, **headers):
    settings.LUUKKU_TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", **headers)
    ProxyMiddleware(lambda _request: HttpResponse())(request)
    return request.META


@pytest.mark.parametrize(
    ("proxies", "near", "forwarded", "expected"),
    [
        ([], "10.0.0.1", "1.2.3.4", "10.0.0.1"),  # nobody is believed
        (["10.0.0.1"], "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (["10.0.0.1"], "10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # forged by the person
        (["10.0.0.0/8"], "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),  # two proxies
        (["10.0.0.1"], "9.9.9.9", "1.2.3.4", "9.9.9.9"),  # came past the proxy
        (["10.0.0.1"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "1.2.3.4, unknown", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "1.2.3.4:5678", "1.2.3.4"),
        (["10.0.0.1"], "10.0.0.1", "[2001:db8::7]:99", "2001:db8::7"),
        (["10.0.0.1"], "::ffff:10.0.0.1", "2001:db8::7", "2001:db8::7"),
        (["::1"], "::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_only_a_trusted_proxy_tells_where_a_request_came_from(
    settings, proxies, near, forwarded, expected
):
    meta = seen(settings, proxies, REMOTE_ADDR=near, HTTP_X_FORWARDED_FOR=forwarded)

    assert meta["REMOTE_ADDR"] == expected


@pytest.mark.parametrize(
    ("near", "expected"), [("10.0.0.1", {"https"}), ("9.9.9.9", set())], ids=["proxy", "stranger"]
)
def test_only_a_trusted_proxy_says_that_the_way_was_safe(settings, near, expected):
    meta = seen(settings, ["10.0.0.1"], REMOTE_ADDR=near, HTTP_X_FORWARDED_PROTO="https")

    assert {meta[name] for name in meta if name == "HTTP_X_FORWARDED_PROTO"} == expected


def test_without_proxies_whoever_terminates_tls_is_believed_about_that_alone(settings):
    """Else every page would lead to itself for ever; `check` warns that no proxy is named."""
    meta = seen(settings, [], REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_PROTO="https")

    assert (meta["REMOTE_ADDR"], meta["HTTP_X_FORWARDED_PROTO"]) == ("9.9.9.9", "https")


def test_a_mistyped_proxy_is_refused():
    with pytest.raises(ImproperlyConfigured):
        networks(("10.0.0",))
