"""Read a page's markup without the layout of its template."""

import re


def said(page):
    """Return the markup of a page as its words are read: without the places where long ones may be parted."""
    return page.content.decode().replace("\xad", "")


def flat(page):
    """Return the markup of a page (a response or its text) on one line, with no space beside a tag.

    How a template breaks its lines is thus no part of what a test says.
    """
    text = page if isinstance(page, str) else page.content.decode()
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?(<[^<>]*?) ?(/?>) ?", r"\1\2", text)


def as_shown(form):
    """Return what a browser sends when nothing is touched in ``form``."""
    sent = {}
    for field in form:
        value = field.field.prepare_value(field.value())
        if isinstance(value, bool):
            sent |= {field.html_name: "on"} if value else {}
        elif value not in (None, ""):
            sent[field.html_name] = field.field.widget.format_value(value)
    flat_values = {name: one[0] if isinstance(one, list) else one for name, one in sent.items()}
    boxes = {field.html_name: "" for field in form if field.html_name not in sent}
    unticked = {field.html_name for field in form if isinstance(field.value(), bool)}
    return {name: "" for name in boxes if name not in unticked} | flat_values
