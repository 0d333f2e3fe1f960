"""The pages that take a workbook, as an officer's browser uses them, on a database of their own."""

import traceback
from datetime import timedelta

from django.db import transaction
from django.test import Client
from django.utils import timezone

from districts.models import User
from reporting.models import Submission, WorkbookUpload
from tests import factories
from tests.conftest import make_cast
from tests.files import Upload
from tests.fuzz.judging import OURS, Broken
from tests.reporting.workbooks.every_kind import GIVEN, Edited, make_every_kind, workbook


class Portal:
    """An officer with a report that asks for every kind of answer. What a file changes is taken back after it."""

    def __init__(self) -> None:
        cast = make_cast()
        now = timezone.now()  # the pages judge deadlines by the clock
        cycle = factories.make_cycle(make_every_kind(), opened_by=cast.administrator, now=now - timedelta(hours=1))
        self.submission: Submission = cycle.submissions.get(district=cast.north)
        self.other: Submission = cycle.submissions.get(district=cast.south)
        self.officer: User = cast.officer
        self.administrator: User = cast.administrator
        factories.fill(self.submission, self.officer, GIVEN, now=now)
        self._client = Client()
        self._client.force_login(self.officer)
        self._path = f"/reports/{self.submission.pk}/workbook/"

    def corpus(self) -> dict[str, bytes]:
        """The report's own workbooks: as an officer and as a reader downloads it, and with an answer changed or marked."""
        own = workbook(self.submission)
        changed = self._changed(own)
        return {OURS: own, f"{OURS}, changed": changed, f"{OURS}, marked": self._marked(changed)}

    def _changed(self, own: bytes) -> bytes:
        values = {"N": "many", "PCT": 0.5, "CNY": "¥ 1,000", "line": "=1+1", "topic": "None of these", "day": "30 June 2026"}
        return Edited(own).put(values).put({"WHOLE": "n/a"}, "status").put({"WHOLE": "closed"}, "explanation").saved()

    def _marked(self, changed: bytes) -> bytes:
        preview = self._client.post(self._path, {"workbook": Upload("报表.xlsx", changed)})["Location"]
        return bytes(self._client.get(f"{preview}marked.xlsx").content)

    def use(self, file: Broken) -> tuple[str, str]:
        """Upload, preview, marked copy, confirmation, the report: what they answered, and the harm that was done, if any was."""
        try:
            with transaction.atomic():
                statuses = self._statuses(file)
                transaction.set_rollback(True)
        except Exception:  # noqa: BLE001 (any error is what is looked for)
            return "an error", traceback.format_exc()
        answers = " ".join(map(str, statuses))
        return answers, "" if max(statuses) < 500 else f"Answers of {answers}"

    def _statuses(self, file: Broken) -> list[int]:
        answer = self._client.post(self._path, {"workbook": Upload("报表.xlsx", file.content)})
        if answer.status_code != 302:
            return [answer.status_code]
        preview = str(answer["Location"])
        changes = WorkbookUpload.objects.latest("pk").changes
        return [
            answer.status_code,
            self._client.get(preview).status_code,
            self._client.get(f"{preview}marked.xlsx").status_code,
            self._client.post(preview, {"change": [change["question_key"] for change in changes]}).status_code,
            self._client.get(f"/reports/{self.submission.pk}/").status_code,
        ]
