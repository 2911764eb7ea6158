"""Points come from quality, never from speed; levels are a square-root ladder. Pure."""

from math import isqrt

POINTS_AGREED = 10
POINTS_GOLD = 12
POINTS_HONEST = 2  # an honest answer that the others did not share
POINTS_A_LEVEL = 50
FREEZE_DAYS = 1  # a missed day that does not end a streak


def points_for(agreed: bool | None, gold_right: bool | None) -> int:
    """Points of one settled answer."""
    if gold_right:
        return POINTS_GOLD
    return POINTS_AGREED if agreed else POINTS_HONEST


def level_of(points: int) -> int:
    """Level n begins at 50 n(n-1)/2 x 2 points: 1, then 100, 300, 600 ...

    >>> [level_of(p) for p in (0, 99, 100, 299, 300, 600)]
    [1, 1, 2, 2, 3, 4]
    """
    return (1 + isqrt(1 + 4 * points // POINTS_A_LEVEL)) // 2


def first_points_of(level: int) -> int:
    return POINTS_A_LEVEL * level * (level - 1)


def progress_bps(points: int) -> int:
    """How far the way to the next level is gone, in bps."""
    level = level_of(points)
    start, end = first_points_of(level), first_points_of(level + 1)
    return 10_000 * (points - start) // (end - start)


def next_streak(streak_days: int, days_since_good: int | None) -> int:
    """The streak after good work today. A day off is forgiven; a longer pause begins a new streak and takes nothing."""
    if days_since_good == 0:
        return streak_days
    if days_since_good is not None and days_since_good <= 1 + FREEZE_DAYS:
        return streak_days + 1
    return 1
