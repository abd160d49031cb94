"""What comes into the house as a file: its kind by content, and the same file without traces of people.

``cleaned`` is the one way in, for what is uploaded (``web.parts.content.uploads``) and for what lies here already
(``manage.py clean_uploads``).
"""

from luukku.content.files.cleaning import LARGEST_BYTES, Unfit, cleaned

__all__ = ["LARGEST_BYTES", "Unfit", "cleaned"]
