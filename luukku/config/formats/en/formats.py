"""How dates and times are written in English here: 4 Dec 2026, 13:00."""

from luukku.config.formats.fi.formats import *  # noqa: F403 -- Django reads formats as the names of a module

DATE_FORMAT = "j M Y"
SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
