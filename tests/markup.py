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
