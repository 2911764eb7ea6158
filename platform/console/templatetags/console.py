"""How the console writes numbers, marks and pictures. Everything escapes; nothing writes a style attribute."""

from django import template
from django.conf.locale import LANG_INFO
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from console import display_names
from console.answer_rendering import Piece
from console.answer_rendering import pieces as cut
from kernel.money import MICRO
from labelling import task_types
from ledger import clock

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<svg aria-hidden="true">{}</svg>', icon_use(name))


@register.simple_tag
def icon_use(name: str) -> SafeString:
    return format_html('<use href="{}#{}"></use>', static("console/icons.svg"), name)


@register.simple_tag
def mark() -> SafeString:
    return format_html('<img src="{}" alt="" width="30" height="30">', static("console/mark.svg"))


@register.simple_tag
def current(request, url: str, exact: bool = False, also: str = "") -> SafeString:
    """aria-current for the link of the page that is open, or of one below it or below the addresses in `also`."""
    here = request.path == url if exact else request.path.startswith((url, *also.split()))
    return SafeString('aria-current="page"' if here else "")


@register.simple_tag
def option(value, chosen) -> SafeString:
    """The beginning of an option of a select, chosen or not; the template writes its words and closes it."""
    return format_html(
        '<option value="{}"{}>', value, SafeString(" selected") if str(value) == str(chosen or "") else ""
    )


@register.simple_tag
def tick(name: str, chosen) -> SafeString:
    """The beginning of a label with the box that chooses a column."""
    mark = SafeString(" checked") if name in chosen else ""
    return format_html('<label class="check"><input type="checkbox" name="column" value="{}"{}>', name, mark)


@register.filter
def column_name(name: str) -> str:
    """A column of the list of items: a name of ours in people's words, a key of her metadata as she wrote it."""
    return str(display_names.COLUMNS.get(name, name.removeprefix("metadata.")))


@register.filter
def language_name(tag: str) -> str:
    """As its speakers write it; a language that neither we nor Django know by its tag."""
    known = dict(display_names.LANGUAGES)
    return known[tag] if tag in known else LANG_INFO.get(tag.lower(), {}).get("name_local", tag)


@register.filter
def number(value: int | None) -> str:
    """A count, with its thousands parted as money has them."""
    return "–" if value is None else f"{int(value):,}"


@register.filter
def message_kind(tags: str) -> str:
    return {"success": "good", "warning": "warn", "error": "bad"}.get((tags or "").split(" ")[-1], "")


@register.filter
def money(micro: int | None, currency: str = "USD") -> str:
    """Exact micro-units as money: two decimals, more only where they are needed."""
    if micro is None:
        return "–"
    sign, micro = ("−" if micro < 0 else ""), abs(int(micro))
    whole, part = divmod(micro, MICRO)
    decimals = f"{part:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole:,}.{decimals} {currency}"


@register.filter
def about(micro: int | None, currency: str = "USD") -> str:
    """A mean or a sum for reading, not for booking: two decimals, four below one."""
    if micro is None:
        return "–"
    units = abs(micro) / MICRO
    sign = "−" if micro < 0 else ""
    return f"{sign}{units:,.2f} {currency}" if units >= 1 or units == 0 else f"{sign}{units:.4f} {currency}"


@register.filter
def ppm(value: int | None, digits: int = 1) -> str:
    return "–" if value in (None, "") else f"{value / 10_000:.{digits}f} %"


@register.filter
def hundredths(value: int) -> str:
    return f"{value / 100:.1f}"


@register.filter
def lasting(seconds: int) -> str:
    """A length of time for people: 40 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{seconds} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


@register.filter
def millionths(value: int) -> str:
    """A coefficient such as alpha: 743,000 is 0.74."""
    return f"{value / 1_000_000:.2f}"


@register.filter
def bps(value: int | None) -> str:
    return "–" if value is None else f"{value / 100:.1f} %"


@register.filter
def share(part: int, whole: int) -> str:
    return "–" if not whole else f"{100 * part / whole:.1f} %"


@register.filter
def seconds(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds / 1000:.1f} s"


@register.filter
def quick(total_s: float | None) -> str:
    """A short time, not more exact than anybody can use."""
    if total_s is None:
        return "–"
    return "< 0.1 s" if total_s < 0.1 else f"{total_s:.1f} s"


@register.filter
def percent(part: float | None) -> str:
    return "–" if part is None else f"{100 * part:.1f} %"


@register.filter
def span(total_s: float | None) -> str:
    """A length of time as people say it."""
    if total_s is None:
        return "–"
    for size, one, many in (
        (86_400, _("day"), _("days")),
        (3_600, _("hour"), _("hours")),
        (60, _("minute"), _("minutes")),
    ):
        if total_s >= size:
            count = round(total_s / size)
            return f"{count} {one if count == 1 else many}"
    return _("under a minute")


@register.filter
def import_left_s(upload) -> float | None:
    """How long an import will still take, about, at the pace since it was sent; None while nobody can say."""
    if not upload.rows_total or not upload.rows_done or upload.finished_at:
        return None
    took_s = (clock.now() - upload.created_at).total_seconds()
    return took_s * max(upload.rows_total - upload.rows_done, 0) / upload.rows_done


@register.filter
def ms_span(milliseconds: int | None) -> str:
    return span(milliseconds / 1000 if milliseconds else None)


@register.filter
def count(number: int | None) -> str:
    return "–" if number is None else f"{round(number):,}"


@register.filter
def task(project) -> str:
    """What is done with what: `Choose a label · pictures`."""
    return f"{task_name(project.task_type)} · {display_names.MEDIA.get(project.medium, project.medium)}"


@register.filter
def task_name(task_type: str) -> str:
    """What is done: the type says it itself, in the reader's language."""
    return in_words(dict(task_types.get(task_type).title), get_language() or "en")


@register.simple_tag(takes_context=True)
def pieces(context, text: str) -> list[Piece]:
    """The text, cut where the marks of the answer that the template shows (`said`, if any) begin and end."""
    said = context.get("said")
    return cut(text, said.spans if said else ())


@register.filter
def word(name: str, of: str) -> str:
    """A name of the code in people's words; `of` says which: MEDIA, ACCOUNTS, TRANSFERS, STATES."""
    return getattr(display_names, of).get(name, name)


@register.filter
def detail(entry: dict) -> list[tuple[str, str]]:
    """An audit entry's detail, amounts as money."""
    return [
        (key.removesuffix("_micro"), money(value) if key.endswith("_micro") else value) for key, value in entry.items()
    ]


@register.filter
def get(mapping, key):
    """metadata.<key>, too: as a column is named."""
    return (mapping or {}).get(str(key).removeprefix("metadata."), "")


@register.filter
def in_words(names: dict, language: str = "en") -> str:
    """A name in several languages: the one asked for, else English, else any."""
    if not isinstance(names, dict):
        return str(names or "")
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


@register.simple_tag(takes_context=True)
def page_url(context, **changed) -> str:
    """This page with some of its query changed; an empty value takes the key away."""
    query = context["request"].GET.copy()
    for key, value in changed.items():
        if value in ("", None):
            query.pop(key, None)
        else:
            query[key] = value
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def cursor_url(context, page, before: str = "", after: str = "") -> str:
    """This page of the console at another place of one of its lists; without a place at its beginning."""
    return page_url(context, **{f"{page.prefix}before": before, f"{page.prefix}after": after})
