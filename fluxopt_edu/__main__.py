"""The command line: ``python -m fluxopt_edu``."""

import sys

from .command import main

sys.exit(main())
