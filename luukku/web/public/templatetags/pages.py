"""What the templates of written pages need."""

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import Page

from luukku.content.cards import card_key
from luukku.content.rendering import SPECS, MainPicture
from luukku.content.rendering import regional as in_words_of_region
from luukku.content.schema import as_json, schema_of

register = template.Library()


@register.filter
def regional(text: str) -> str:
    """Say a Finnish text with the region's word for an expert."""
    return in_words_of_region(text)


@register.filter
def absolute(address: str) -> str:
    """Return an address of ours with the host before it."""
    return f"{settings.LUUKKU_BASE_URL}{address}"


@register.filter
def card_address(page: Page) -> str:
    """Return the address of the picture that is shown when the page is shared."""
    if not page.pk:
        return ""
    return settings.LUUKKU_BASE_URL + reverse(
        "card", args=[page.pk, card_key(in_words_of_region(page.title))]
    )


@register.filter
def of(pictures: dict[int, MainPicture], page: Page) -> MainPicture | None:
    """Return the page's own picture among ``pictures``."""
    return pictures.get(page.pk)


@register.simple_tag(takes_context=True)
def structured(context: Context) -> SafeString:
    """Render what machines read of the page; the nonce says that it is ours."""
    parts = schema_of(
        context["page"],
        context.flatten(),
        base=settings.LUUKKU_BASE_URL,
        language=context["request"].LANGUAGE_CODE,
    )
    nonce = context["request"].csp_nonce
    return format_html(
        '<script type="application/ld+json" nonce="{}">{}</script>', nonce, as_json(parts)
    )


@register.simple_tag(takes_context=True)
def machine_read(context: Context, parts: dict[str, object] | None) -> SafeString | str:
    """Render ``parts`` for machines; nothing where there are none."""
    if not parts:
        return ""
    nonce = context["request"].csp_nonce
    return format_html(
        '<script type="application/ld+json" nonce="{}">{}</script>', nonce, as_json([parts])
    )


@register.filter
def language_name(code: str) -> str:
    """Return the language's own name."""
    return translation.get_language_info(code)["name_local"]


@register.simple_tag
def poster(image: AbstractImage, renditions: dict[int, list]) -> str:
    """Return the address of the picture shown before a video, in a middle size."""
    made = [r for r in renditions.get(image.pk, []) if r.filter_spec in SPECS]
    return made[len(made) // 2].url if made else image.file.url


@register.simple_tag
def picture(image: AbstractImage, renditions: dict[int, list]) -> SafeString:
    """Show a picture of a page's text."""
    alt = getattr(image, "contextual_alt_text", "") or ""
    return _picture(image, alt, [r for r in renditions.get(image.pk, []) if r.filter_spec in SPECS])


@register.simple_tag
def main_picture(picture: MainPicture) -> SafeString:
    """Show the page's own picture, whole."""
    return _picture(picture.image, picture.words, picture.widths)


def _picture(image: AbstractImage, alt: str, made: list[AbstractRendition]) -> SafeString:
    """Show a picture in the sizes that were made when the page was published; else as it is."""
    if not made:
        return format_html(
            '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
            image.file.url, alt, image.width, image.height,
        )  # fmt: skip
    sizes = format_html_join(", ", "{} {}w", ((r.url, r.width) for r in made))
    last = made[-1]
    return format_html(
        '<img src="{}" srcset="{}" sizes="(min-width: 45rem) 42rem, 100vw" alt="{}"'
        ' width="{}" height="{}" loading="lazy">',
        last.url, sizes, alt, last.width, last.height,
    )  # fmt: skip
