"""Rows of reporting, one file a noun."""

from reporting.models.answer import Answer
from reporting.models.cycle import Cycle
from reporting.models.definition import Check, Definition, DefinitionVersion, Question, Rule, Section
from reporting.models.document import DocumentTemplate, SymposiumDocument
from reporting.models.enquiry import Enquiry, EnquiryMessage
from reporting.models.evidence import EvidenceFile, KeptFile, KeyTaskFile
from reporting.models.figure import Adjustment, CycleFigure
from reporting.models.indicator import Inclusion, Indicator
from reporting.models.job import Job, JobItem
from reporting.models.key_task import KeyTask, KeyTaskExtension, KeyTaskParty, KeyTaskRecord, KeyTaskUpdate
from reporting.models.petition import Petition
from reporting.models.practice import Practice, PracticeAdoption
from reporting.models.publication import Bulletin, Release, ReleasedFigure
from reporting.models.publicity import Outlet, Placement, PublicityItem
from reporting.models.reminder import Audience, ReminderPolicy, ReminderRung
from reporting.models.review import Comment, Event
from reporting.models.scan import Scan
from reporting.models.submission import Revision, Submission
from reporting.models.symposium import (
    ActionItem,
    AgendaItem,
    Attendance,
    Conclusion,
    Problem,
    Symposium,
)
from reporting.models.target import Target, TargetAcknowledgement, TargetIssue
from reporting.models.workbook import WorkbookUpload

__all__ = [
    "ActionItem",
    "Adjustment",
    "AgendaItem",
    "Answer",
    "Attendance",
    "Audience",
    "Bulletin",
    "Check",
    "Comment",
    "Conclusion",
    "Cycle",
    "CycleFigure",
    "Definition",
    "DefinitionVersion",
    "DocumentTemplate",
    "Enquiry",
    "EnquiryMessage",
    "Event",
    "EvidenceFile",
    "Inclusion",
    "Indicator",
    "Job",
    "JobItem",
    "KeptFile",
    "KeyTask",
    "KeyTaskExtension",
    "KeyTaskFile",
    "KeyTaskParty",
    "KeyTaskRecord",
    "KeyTaskUpdate",
    "Outlet",
    "Petition",
    "Placement",
    "Practice",
    "PracticeAdoption",
    "Problem",
    "PublicityItem",
    "Question",
    "Release",
    "ReleasedFigure",
    "ReminderPolicy",
    "ReminderRung",
    "Revision",
    "Rule",
    "Scan",
    "Section",
    "Submission",
    "Symposium",
    "SymposiumDocument",
    "Target",
    "TargetAcknowledgement",
    "TargetIssue",
    "WorkbookUpload",
]
