"""What is missing from the tree of pages."""

from __future__ import annotations


class NoSection(Exception):
    """The language has no section for good practices."""
