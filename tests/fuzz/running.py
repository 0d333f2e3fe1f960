"""So many files of a seed, judged and counted."""

from collections.abc import Callable

from tests.fuzz.bulk import Office
from tests.fuzz.corpus import bundles, corpus
from tests.fuzz.judging import OURS, READ, Broken, Tally, broken, judge, judge_bundle
from tests.fuzz.portal import Portal

_TOGETHER = 200
_SENT, _SENT_OURS = 40, 3
"""One in so many files goes through HTTP: of all, and of those that can be the report's own."""
_MAILED = 10
"""One in so many goes to the bureau in an archive, with the others of those that are judged together."""


def run(seed: int, number: int, *, say: Callable[[str], object] = lambda _line: None) -> Tally:
    """Wants a database in which nothing is. What a page said of a file is counted beside what the reader said."""
    tally, portal = Tally(), Portal()
    office = Office(portal)
    origins = corpus() | portal.corpus()
    for start in range(0, number, _TOGETHER):
        batch = [broken(origins, seed, at) for at in range(start, min(start + _TOGETHER, number))]
        for file, said, harm in judge(batch):
            tally.said[said] += 1
            found = harm
            if not harm and _is_sent(file, said):
                answers, found = portal.use(file)
                tally.answers[answers] += 1
            if found:
                tally.harm.append((file, found))
        mailed = [file for file in batch if file.number % _MAILED == _MAILED - 1]
        if mailed:
            became, spoiled = office.use(mailed)
            tally.mailed += became
            tally.harm += spoiled
        say(f"{min(start + _TOGETHER, number):,} of {number:,} files, {len(tally.harm)} did harm")
    return tally


def run_bundles(seed: int, number: int) -> Tally:
    """The same of ZIP files of many files, for which no process is started."""
    tally, origins = Tally(), bundles()
    for file in (broken(origins, seed, at) for at in range(number)):
        said, harm = judge_bundle(file)
        tally.said[said] += 1
        if harm:
            tally.harm.append((file, harm))
    return tally


def _is_sent(file: Broken, said: str) -> bool:
    one_in = _SENT_OURS if said == READ and file.origin.startswith(OURS) else _SENT
    return file.number % one_in == 0
