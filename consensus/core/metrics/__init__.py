"""Measures of agreement and of accuracy."""

from .alpha import Alpha, krippendorff_alpha
from .kappa import cohen_kappa, fleiss_kappa, item_agreement, worker_agreement, worker_pairs
from .measures import calibration_error, expected_accuracy, log_loss, reliability
from .ratings import RatingAgreement, rating_agreement

__all__ = [
    "Alpha", "RatingAgreement", "calibration_error", "cohen_kappa", "expected_accuracy", "fleiss_kappa", "item_agreement",
    "krippendorff_alpha", "log_loss", "rating_agreement", "reliability", "worker_agreement", "worker_pairs",
]  # fmt: skip
