"""What we tell Wagtail of texts. What the editor's rooms may do is told by ``luukku.web.counter``."""

from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from luukku.content.links import PageLinks


@hooks.register("register_rich_text_features", order=1)
def open_links_our_way(features: FeatureRegistry) -> None:
    """Open links to pages by one query, in the reader's language."""
    features.register_link_type(PageLinks)
