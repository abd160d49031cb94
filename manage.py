#!/usr/bin/env python
"""Django's command line for Kokemusluukku."""

import os
import sys

from luukku.config.command_line import run

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luukku.config.settings.dev")
    run(sys.argv)
