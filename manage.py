#!/usr/bin/env python3
"""Django's command line for this project; a wrong setting ends it with one sentence, not a traceback."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility

from iop_site import restoring


class CommandLine(ManagementUtility):
    """Runs no command on a database that is half restored, so that none has to think of it."""

    def fetch_command(self, subcommand):
        if subcommand not in restoring.COMMANDS:
            restoring.refuse_unfinished()
        return super().fetch_command(subcommand)


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")
    try:
        CommandLine(sys.argv).execute()
    except ImproperlyConfigured as error:
        sys.exit(f"Cannot start: {error}")


if __name__ == "__main__":
    main()
