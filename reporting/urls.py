"""The district's pages, and the figures."""

from django.urls import path

from reporting.api.v1 import api, description
from reporting.views.answers import AnswersView
from reporting.views.calendar import CalendarView, calendar_feed
from reporting.views.comments import CommentAnswerView
from reporting.views.districts import DistrictsView, DistrictView, ProfileView
from reporting.views.enquiries import AskView, EnquiryCloseView, EnquiryView
from reporting.views.evidence import EvidenceFileView, EvidenceRemoveView, EvidenceView
from reporting.views.figures import FiguresDownloadView, FiguresView
from reporting.views.history import CompareView, HistoryView
from reporting.views.home import HomeView
from reporting.views.indicators import IndicatorsView
from reporting.views.key_tasks import (
    KeyTaskAnswerView,
    KeyTaskExtensionView,
    KeyTaskFileRemoveView,
    KeyTaskFilesView,
    KeyTaskFileView,
    KeyTasksView,
    KeyTaskView,
    ReportTaskView,
)
from reporting.views.petitions import CorrectionView, ExtensionView, WithdrawView
from reporting.views.practices import (
    PracticeChangeView,
    PracticeNewView,
    PracticesView,
    PracticeView,
    PracticeWithdrawView,
)
from reporting.views.public.pages import (
    PublicBulletinsView,
    PublicBulletinView,
    PublicDownloadView,
    PublicFeedView,
    PublicHomeView,
    PublicIndicatorsView,
    PublicReleaseView,
)
from reporting.views.publicity import (
    PublicityChangeView,
    PublicityItemView,
    PublicityNewView,
    PublicityView,
    PublicityWithdrawView,
)
from reporting.views.reports import HandOverView, NilReturnView, PrintView, ReportPageView, StartView, TakeBackView
from reporting.views.scans import ScanView
from reporting.views.signing import RecallView, ReceiptView, RevisionReceiptView, SignView
from reporting.views.symposiums import SymposiumEntryView, SymposiumPackView, SymposiumsView, SymposiumView
from reporting.views.targets import AcknowledgeView, TargetsView
from reporting.views.workbooks import MarkedView, WorkbookDownloadView, WorkbookPreviewView, WorkbookView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("reports/<int:pk>/", ReportPageView.as_view(), name="report"),
    path("reports/<int:pk>/answers/", AnswersView.as_view(), name="report_answers"),
    path("reports/<int:pk>/nil-return/", NilReturnView.as_view(), name="report_nil_return"),
    path("reports/<int:pk>/comments/<int:comment_pk>/", CommentAnswerView.as_view(), name="report_comment"),
    path("reports/<int:pk>/ask/", AskView.as_view(), name="report_ask"),
    path("reports/<int:pk>/questions/<int:enquiry_pk>/", EnquiryView.as_view(), name="report_enquiry"),
    path("reports/<int:pk>/questions/<int:enquiry_pk>/close/", EnquiryCloseView.as_view(), name="report_enquiry_close"),
    path("reports/<int:pk>/extension/", ExtensionView.as_view(), name="report_extension"),
    path("reports/<int:pk>/correction/", CorrectionView.as_view(), name="report_correction"),
    path("reports/<int:pk>/requests/<int:petition_pk>/withdraw/", WithdrawView.as_view(), name="report_petition_withdraw"),
    path("reports/<int:pk>/start/", StartView.as_view(), name="report_start"),
    path("reports/<int:pk>/hand-over/", HandOverView.as_view(), name="report_hand_over"),
    path("reports/<int:pk>/take-back/", TakeBackView.as_view(), name="report_take_back"),
    path("reports/<int:pk>/sign/", SignView.as_view(), name="report_sign"),
    path("reports/<int:pk>/recall/", RecallView.as_view(), name="report_recall"),
    path("reports/<int:pk>/receipt/", ReceiptView.as_view(), name="report_receipt"),
    path("reports/<int:pk>/receipt/<int:number>/", RevisionReceiptView.as_view(), name="report_revision_receipt"),
    path("reports/<int:pk>/scans/<int:scan_pk>/", ScanView.as_view(), name="report_scan"),
    path("reports/<int:pk>/workbook/", WorkbookView.as_view(), name="report_workbook"),
    path("reports/<int:pk>/workbook.xlsx", WorkbookDownloadView.as_view(), name="report_workbook_download"),
    path("reports/<int:pk>/workbook/<int:upload_pk>/", WorkbookPreviewView.as_view(), name="report_workbook_preview"),
    path("reports/<int:pk>/workbook/<int:upload_pk>/marked.xlsx", MarkedView.as_view(), name="report_workbook_marked"),
    path("reports/<int:pk>/evidence/<slug:key>/", EvidenceView.as_view(), name="report_evidence"),
    path("reports/<int:pk>/files/<int:file_pk>/", EvidenceFileView.as_view(), name="report_file"),
    path("reports/<int:pk>/files/<int:file_pk>/remove/", EvidenceRemoveView.as_view(), name="report_file_remove"),
    path("reports/<int:pk>/history/", HistoryView.as_view(), name="report_history"),
    path("reports/<int:pk>/compare/", CompareView.as_view(), name="report_compare"),
    path("reports/<int:pk>/print/", PrintView.as_view(), name="report_print"),
    path("indicators/", IndicatorsView.as_view(), name="indicators"),
    path("calendar/", CalendarView.as_view(), name="calendar"),
    path("calendar/<str:key>.ics", calendar_feed, name="calendar_feed"),
    path("reports/<int:pk>/tasks/<int:party_pk>/", ReportTaskView.as_view(), name="report_task"),
    path("tasks/", KeyTasksView.as_view(), name="key_tasks"),
    path("tasks/<int:pk>/", KeyTaskView.as_view(), name="key_task"),
    path("tasks/<int:pk>/done/", KeyTaskAnswerView.as_view(), name="key_task_done"),
    path("tasks/<int:pk>/files/", KeyTaskFilesView.as_view(), name="key_task_files"),
    path("tasks/<int:pk>/files/<int:file_pk>/", KeyTaskFileView.as_view(), name="key_task_file"),
    path("tasks/<int:pk>/files/<int:file_pk>/remove/", KeyTaskFileRemoveView.as_view(), name="key_task_file_remove"),
    path("tasks/<int:pk>/extension/", KeyTaskExtensionView.as_view(), name="key_task_extension"),
    path("districts/", DistrictsView.as_view(), name="districts"),
    path("districts/<slug:code>/", DistrictView.as_view(), name="district"),
    path("districts/<slug:code>/profile/", ProfileView.as_view(), name="district_profile"),
    path("symposiums/", SymposiumsView.as_view(), name="symposiums"),
    path("symposiums/<int:pk>/", SymposiumView.as_view(), name="symposium"),
    path("symposiums/<int:pk>/pack/", SymposiumPackView.as_view(), name="symposium_pack"),
    path("symposiums/<int:pk>/symposium.ics", SymposiumEntryView.as_view(), name="symposium_entry"),
    path("api/v1/openapi.json", description, name="public_api_description"),
    path("api/v1/", api.urls),
    path("public/", PublicHomeView.as_view(), name="public"),
    path("public/bulletins/", PublicBulletinsView.as_view(), name="public_bulletins"),
    path("public/bulletins/<int:pk>/", PublicBulletinView.as_view(), name="public_bulletin"),
    path("public/figures/<int:pk>/", PublicReleaseView.as_view(), name="public_release"),
    path("public/figures/<int:pk>/figures.<slug:extension>", PublicDownloadView.as_view(), name="public_download"),
    path("public/indicators/", PublicIndicatorsView.as_view(), name="public_indicators"),
    path("public/feed.atom", PublicFeedView.as_view(), name="public_feed"),
    path("targets/", TargetsView.as_view(), name="targets"),
    path("targets/<int:pk>/acknowledge/", AcknowledgeView.as_view(), name="targets_acknowledge"),
    path("practices/", PracticesView.as_view(), name="practices"),
    path("practices/new/", PracticeNewView.as_view(), name="practice_new"),
    path("practices/<int:pk>/", PracticeView.as_view(), name="practice"),
    path("practices/<int:pk>/change/", PracticeChangeView.as_view(), name="practice_change"),
    path("practices/<int:pk>/withdraw/", PracticeWithdrawView.as_view(), name="practice_withdraw"),
    path("publicity/", PublicityView.as_view(), name="publicity"),
    path("publicity/new/", PublicityNewView.as_view(), name="publicity_new"),
    path("publicity/<int:pk>/", PublicityItemView.as_view(), name="publicity_item"),
    path("publicity/<int:pk>/change/", PublicityChangeView.as_view(), name="publicity_change"),
    path("publicity/<int:pk>/withdraw/", PublicityWithdrawView.as_view(), name="publicity_withdraw"),
    path("figures/", FiguresView.as_view(), name="figures"),
    path("figures/<int:pk>/", FiguresView.as_view(), name="figures_of"),
    path("figures/<int:pk>/figures.<slug:extension>", FiguresDownloadView.as_view(), name="figures_download"),
]
