"""What a promise on labels may say, on those of a release as on those of the label API."""

from kernel.errors import DomainError

BOUNDS = {  # field: least, most
    "error_ppm": (1_000, 500_000),
    "confidence_ppm": (500_000, 999_000),
    "reference_error_ppm": (0, 400_000),
    "draws": (50, 5_000),
    "budget": (50, 1_000_000),
}


def check_promise(said: dict[str, int]) -> None:
    for name, value in said.items():
        least, most = BOUNDS[name]
        if not least <= value <= most:
            bounds = {"name": name, "least": least, "most": most}
            raise DomainError("{name} must be a whole number from {least} to {most}.", field=name, said=bounds)
    if said["reference_error_ppm"] >= said["error_ppm"]:
        raise DomainError(
            "reference_error_ppm must be below error_ppm: no sample shows less than the reference itself gets wrong.",
            field="reference_error_ppm",
        )
