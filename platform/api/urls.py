"""/api/v1: see docs/architecture.md for the shapes, /api/v1/schema for the OpenAPI document."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from api.views import bans, data, label, me, money, programs, projects, proofs, work

urlpatterns = [
    path("schema", SpectacularAPIView.as_view(), name="api-schema"),
    path("me", me.MeView.as_view(), name="api-me"),
    path("wallet/lines", me.WalletLinesView.as_view(), name="api-wallet-lines"),
    path("wallet/payouts", me.PayoutsView.as_view(), name="api-wallet-payouts"),
    path("work/batches", work.BatchesView.as_view(), name="api-work-batches"),
    path("work/draw", work.DrawView.as_view(), name="api-work-draw"),
    path("work/answers", work.AnswersView.as_view(), name="api-work-answers"),
    path("work/skip", work.SkipView.as_view(), name="api-work-skip"),
    path("work/report", work.ReportView.as_view(), name="api-work-report"),
    path("work/appeal", work.GoldAppealView.as_view(), name="api-work-appeal"),
    path("work/history", work.HistoryView.as_view(), name="api-work-history"),
    path("work/scores", work.ScoresView.as_view(), name="api-work-scores"),
    path("bans", bans.BansView.as_view(), name="api-bans"),
    path("bans/<int:ban_id>/appeal", bans.AppealView.as_view(), name="api-ban-appeal"),
    path("proofs/periods", proofs.PeriodsView.as_view(), name="api-proof-periods"),
    path("proofs/bundle", proofs.BundleView.as_view(), name="api-proof-bundle"),
    path("tokens", programs.TokensView.as_view(), name="api-tokens"),
    path("tokens/<int:token_id>", programs.TokenView.as_view(), name="api-token"),
    path("webhooks", programs.WebhooksView.as_view(), name="api-webhooks"),
    path("webhooks/<int:endpoint_id>", programs.WebhookView.as_view(), name="api-webhook"),
    path("organisations/<int:organisation_id>/deposits", money.DepositsView.as_view(), name="api-deposits"),
    path("datasets/<int:dataset_id>/uploads", data.UploadsView.as_view(), name="api-uploads"),
    path("uploads/<int:upload_id>", data.UploadView.as_view(), name="api-upload"),
    path("uploads/<int:upload_id>/refused", data.RefusedRowsView.as_view(), name="api-upload-refused"),
    path("projects/<int:project_id>/releases", data.ReleasesView.as_view(), name="api-releases"),
    path("releases/<int:release_id>", data.ReleaseView.as_view(), name="api-release"),
    path("releases/<int:release_id>/download", data.DownloadView.as_view(), name="api-release-download"),
    path("projects", projects.ProjectsView.as_view(), name="api-projects"),
    path("projects/<int:project_id>", projects.ProjectView.as_view(), name="api-project"),
    path("projects/<int:project_id>/datasets", projects.DatasetsView.as_view(), name="api-datasets"),
    path("projects/<int:project_id>/items", projects.ItemsView.as_view(), name="api-items"),
    path("projects/<int:project_id>/golds", projects.GoldsView.as_view(), name="api-golds"),
    path("projects/<int:project_id>/batches", projects.BatchesView.as_view(), name="api-batches"),
    path("projects/<int:project_id>/label", label.LabelView.as_view(), name="api-label"),
    path("projects/<int:project_id>/label-report", label.LabelReportView.as_view(), name="api-label-report"),
    path("label-requests/<uuid:request_id>", label.LabelRequestView.as_view(), name="api-label-request"),
    path("batches/<int:batch_id>", projects.BatchView.as_view(), name="api-batch"),
    path("batches/<int:batch_id>/open", projects.BatchOpenView.as_view(), name="api-batch-open"),
    path("batches/<int:batch_id>/close", projects.BatchCloseView.as_view(), name="api-batch-close"),
]
