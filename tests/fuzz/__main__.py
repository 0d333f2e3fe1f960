"""`python -m tests.fuzz [--number 10000] [--seed 1]`: what is said of broken workbooks. Those that did harm are kept."""

import argparse
import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
logging.disable(logging.WARNING)

from django.conf import settings  # noqa: E402 (Django comes first)

from tests.bench.database import throw_away  # noqa: E402
from tests.fuzz.running import run, run_bundles  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--number", type=int, default=10_000, help="how many files")
    parser.add_argument("--seed", type=int, default=1, help="another one gives other files")
    wanted = parser.parse_args()
    folder = settings.VAR_DIR / "fuzz"
    folder.mkdir(parents=True, exist_ok=True)
    with throw_away("fuzz"):
        tally = run(wanted.seed, wanted.number, say=lambda line: sys.stderr.write(f"{line}\n"))
    bundles = run_bundles(wanted.seed, wanted.number)
    for file, harm in tally.harm + bundles.harm:
        path = folder / f"{wanted.seed}-{file.number} of {file.origin}"
        path.write_bytes(file.content)
        sys.stdout.write(f"{path}:\n{harm}\n")
    sys.stdout.write("\n".join([*tally.lines(), "", *bundles.lines()]) + "\n")
    return 1 if tally.harm or bundles.harm else 0


if __name__ == "__main__":
    sys.exit(main())
