"""The field for free text about people, by the path that migrations know."""

from luukku.core.encrypted import EncryptedTextField, cipher

__all__ = ["EncryptedTextField", "cipher"]
