"""Videos that everybody can follow."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.images import get_image_model_string
from wagtail.search import index


class EmbedHost(models.TextChoices):
    """Where a video may lie that we do not keep ourselves."""

    YOUTUBE = "youtube", "YouTube"
    VIMEO = "vimeo", "Vimeo"


# The address that plays a video, without cookies where the host offers that.
PLAYERS = {
    EmbedHost.YOUTUBE: "https://www.youtube-nocookie.com/embed/",
    EmbedHost.VIMEO: "https://player.vimeo.com/video/",
}


class Video(index.Indexed, models.Model):
    """A video that everybody can follow: captions and a transcript are not optional."""

    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(
        _("language"),
        max_length=2,
        default="fi",
        choices=[("fi", "suomi"), ("sv", "svenska"), ("en", "English")],
    )
    file = models.FileField(
        _("file"),
        upload_to="videos/",
        blank=True,
        validators=[FileExtensionValidator(["mp4", "webm"])],
        help_text=_("MP4 or WebM, kept by us. Nothing is told to anybody else."),
    )
    captions = models.FileField(
        _("captions"),
        upload_to="videos/",
        blank=True,
        validators=[FileExtensionValidator(["vtt"])],
        help_text=_("A WebVTT file. A file of ours is not shown without."),
    )
    address = models.URLField(
        _("or an address at YouTube or Vimeo"),
        blank=True,
        help_text=_("Nothing is loaded from there before the reader says so."),
    )
    has_captions_there = models.BooleanField(
        _("I have checked that the video has good captions there"), default=False
    )
    transcript = models.TextField(
        _("transcript"), help_text=_("Everything that is said, and what is seen where it matters.")
    )
    poster = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture shown first"),
    )

    panels = [
        FieldPanel("title"),
        FieldPanel("language"),
        FieldPanel("file"),
        FieldPanel("captions"),
        FieldPanel("address"),
        FieldPanel("has_captions_there"),
        FieldPanel("transcript"),
        FieldPanel("poster"),
    ]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        constraints = [
            models.CheckConstraint(
                condition=Q(file="") ^ Q(address=""), name="video_either_file_or_address"
            ),
            models.CheckConstraint(
                condition=~Q(captions="") | Q(has_captions_there=True), name="video_has_captions"
            ),
            models.CheckConstraint(condition=~Q(transcript=""), name="video_has_transcript"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Ask for exactly one source, for captions in the right form, and for an address that we know."""
        super().clean()
        errors: dict[str, object] = {}
        if bool(self.file) == bool(self.address):
            errors["file"] = _("Give a file or an address, and only one of them.")
        elif self.file and not self.captions:
            errors["captions"] = _("Captions are needed: without them many people are left out.")
        elif self.address and not self.has_captions_there:
            errors["has_captions_there"] = _("A video is shown only with captions.")
        if self.address and self.host is None:
            errors["address"] = _("Give the address of one video at YouTube or Vimeo.")
        if self.captions and not self._captions_are_vtt():
            errors["captions"] = _("This is not a WebVTT file: its first line says WEBVTT.")
        if errors:
            raise ValidationError(errors)

    def _captions_are_vtt(self) -> bool:
        self.captions.seek(0)
        start = self.captions.read(9).lstrip(b"\xef\xbb\xbf")
        self.captions.seek(0)
        return start.startswith(b"WEBVTT")

    @property
    def host(self) -> tuple[EmbedHost, str] | None:
        """Return where the video lies and its key there; None where we do not know the address."""
        parts = urlsplit(self.address)
        name, path = (parts.hostname or "").removeprefix("www."), parts.path.strip("/")
        key, where = "", None
        if name in {"youtube.com", "m.youtube.com", "youtube-nocookie.com"}:
            where = EmbedHost.YOUTUBE
            key = parse_qs(parts.query).get("v", [""])[0] or path.removeprefix("embed/")
        elif name == "youtu.be":
            where, key = EmbedHost.YOUTUBE, path
        elif name in {"vimeo.com", "player.vimeo.com"}:
            where, key = EmbedHost.VIMEO, path.removeprefix("video/")
        if where is None or not key.replace("-", "").replace("_", "").isalnum():
            return None
        return where, key

    @property
    def host_label(self) -> str:
        """The name of the host, for the reader who decides."""
        return str(self.host[0].label) if self.host else ""

    @property
    def player(self) -> str:
        """The address of the player at the host."""
        return PLAYERS[self.host[0]] + self.host[1] if self.host else ""

    def language_name(self) -> str:
        """The captions' language in its own words."""
        return self.get_language_display()
