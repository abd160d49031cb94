"""Invented people and orders, made by the same acts as people make them."""

from luukku.config.demo.words import DOMAIN, PASSWORD
from luukku.config.demo.world import Demo, demo_is_loaded

__all__ = ["DOMAIN", "PASSWORD", "Demo", "demo_is_loaded"]
