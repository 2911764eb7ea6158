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
            raise _outside(name, least, most)
    if said["reference_error_ppm"] >= said["error_ppm"]:
        raise DomainError(
            "reference_error_ppm must be below error_ppm: no sample shows less than the reference itself gets wrong.",
            field="reference_error_ppm",
        )


def _outside(name: str, least: int, most: int) -> DomainError:
    """Pages ask for per cent, programs send millionths: a share is told in both."""
    bounds = {"name": name, "least": least, "most": most}
    if not name.endswith("_ppm"):
        return DomainError("{name} must be a whole number from {least} to {most}.", field=name, said=bounds)
    return DomainError(
        "{name} must be from {low} to {high} %: as millionths, a whole number from {least} to {most}.",
        field=name,
        said=bounds | {"low": f"{least / 10_000:g}", "high": f"{most / 10_000:g}"},
    )
