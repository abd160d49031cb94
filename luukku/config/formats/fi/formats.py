"""How dates and times are written in Finnish: 4.12.2026 klo 9.00."""

DATE_FORMAT = "j.n.Y"
SHORT_DATE_FORMAT = "j.n.Y"
TIME_FORMAT = "G.i"
DATETIME_FORMAT = r"j.n.Y \k\l\o G.i"
SHORT_DATETIME_FORMAT = r"j.n.Y \k\l\o G.i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
# Before a time one may write "klo", in Swedish "kl.".
DATETIME_INPUT_FORMATS = [
    f"{day}{before}{clock}"
    for day in DATE_INPUT_FORMATS
    for before in (" ", " klo ", " kl. ", " kl ")
    for clock in ("%H:%M", "%H.%M", "%H:%M:%S", "%H")
] + DATE_INPUT_FORMATS
TIME_INPUT_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S", "%H"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
NUMBER_GROUPING = 3
FIRST_DAY_OF_WEEK = 1
