"""How dates and times are written in the Swedish of Finland: 4.12.2026 kl. 9.00."""

from luukku.config.formats.fi.formats import *  # noqa: F403 -- Django reads formats as the names of a module

DATETIME_FORMAT = r"j.n.Y \k\l. G.i"
SHORT_DATETIME_FORMAT = r"j.n.Y \k\l. G.i"
