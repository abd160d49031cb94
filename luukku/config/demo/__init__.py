"""Invented people and orders: a spec document that ``load_spec`` could take as well as ``load_demo`` does."""

from luukku.config.demo.words import DOMAIN, PASSWORD
from luukku.config.demo.world import SIGN_IN, demo, demo_is_loaded

__all__ = ["DOMAIN", "PASSWORD", "SIGN_IN", "demo", "demo_is_loaded"]
