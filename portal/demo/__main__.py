"""`python -m portal.demo [--reset]`: checks the address, sets the settings, then becomes the runner of the servers."""

import argparse
import os
import sys

from portal.demo.address import Address, AddressError
from portal.demo.environment import demo_environment
from portal.embedded.folder import PROJECT, var_folder


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m portal.demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="begin with empty servers")
    reset = parser.parse_args().reset
    if reset and os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_URL is set: only the portal's own embedded database can be emptied. Empty that one yourself.")
    try:
        address = Address.from_environment(os.environ)
        address.check_free()
    except AddressError as error:
        sys.exit(str(error))
    os.chdir(PROJECT)
    session = [sys.executable, "-m", "portal.demo.session", *(["--reset"] if reset else [])]
    sys.stdout.write("* Starting the database and the doorbell\n")
    sys.stdout.flush()
    runner = [sys.executable, "-m", "portal.embedded", *(["--fresh"] if reset else []), "--", *session]
    os.execve(sys.executable, runner, demo_environment(os.environ, address, var_folder()))  # noqa: S606 (ourselves)


if __name__ == "__main__":
    main()
