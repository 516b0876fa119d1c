"""``python -m konwent_bot.cli``: the same command where nothing was put on the path."""

import sys

from konwent_bot.cli import main

sys.exit(main())
