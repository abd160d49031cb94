"""Any scenario given in a JSON document, made by the same acts as people make it."""

from luukku.config.spec.loader import load
from luukku.config.spec.schema import SCHEMA
from luukku.config.spec.values import BadSpec

__all__ = ["SCHEMA", "BadSpec", "load"]
