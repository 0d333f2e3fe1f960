"""`python -m portal.embedded [--fresh | --throwaway] -- COMMAND`"""

import argparse
import sys

from portal.embedded import runner
from portal.embedded.errors import EmbeddedError, Interrupted


def main() -> int:
    """The command's exit code; 128 and the signal's number after a signal; 1 when the servers could not be had."""
    parser = argparse.ArgumentParser(prog="python -m portal.embedded", description=runner.__doc__)
    beginning = parser.add_mutually_exclusive_group()
    beginning.add_argument("--fresh", action="store_true", help="begin with empty servers")
    beginning.add_argument("--throwaway", action="store_true", help="the same, and do not wait for the disk")
    parser.add_argument("command", nargs="+", metavar="COMMAND", help="what to run, after --")
    options = parser.parse_args()
    try:
        return runner.run(options.command, fresh=options.fresh or options.throwaway, durable=not options.throwaway)
    except Interrupted as signal:
        return 128 + signal.number
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except PermissionError as error:
        sys.stderr.write(
            f"This account may not use {error.filename}: another one made it. "
            "Run this as that account, or set PORTAL_VAR to a folder of yours.\n"
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
