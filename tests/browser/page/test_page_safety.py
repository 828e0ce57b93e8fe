"""Text that others wrote stays text: attempts in every place a stranger can write do nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.sandbox.page.news import NewsLine, RunNews
from bot.sandbox.tenant import Person

AISHA = "a.rahman@northdale.example"
BAIT = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'
BODY = f"""<script>parent.hit = 1; window.hit = 1</script>{BAIT}<svg onload="parent.hit=1"></svg>
<a href="javascript:parent.hit=1" id="bait">press</a><iframe srcdoc="<script>top.hit=1</script>"></iframe>
<form action="/api/runs" method="post"><button>send</button></form>
<meta http-equiv="refresh" content="0;url=/">
<base href="https://elsewhere.example/"><img src="https://elsewhere.example/pixel.png">
<link rel="stylesheet" href="https://elsewhere.example/s.css"><p>the words</p>"""
pytestmark = pytest.mark.browser


@pytest.fixture
def baited(open_site: Callable[..., Any]) -> Any:
    site = open_site()
    tenant = site.council.tenant
    tenant.add_person(Person("evil@northdale.example", f"Eve {BAIT}", BAIT))
    tenant.mailbox(AISHA).add_category(BAIT, "preset3")
    site.council.entry(AISHA, f"Entry {BAIT}", date(2026, 11, 23), categories=(BAIT,), body=BODY)
    site.council.mail(AISHA, f"Mail {BAIT}", BODY, sender=BAIT, sender_name=BAIT, to="evil@northdale.example")
    return site


def untouched(window: Any) -> bool:
    window.wait_for_timeout(250)
    return bool(window.evaluate("window.hit === undefined"))


def watch(window: Any) -> list[str]:
    """What left for elsewhere: all that was asked for and not stopped by the body's own policy."""
    outside: list[str] = []
    ended = {"requestfinished", "requestfailed"}
    for how in ended:
        window.on(how, lambda one: outside.append(one.url) if is_outside(one) else None)
    return outside


def is_outside(request: Any) -> bool:
    return "elsewhere" in request.url and request.failure != "csp"


def test_names_titles_categories_and_subjects_are_only_text(baited: Any, look: Any) -> None:
    window = look(baited.calendar("month"))
    window.locator(".month .entry", has_text="Entry").wait_for()
    assert BAIT in window.locator(".month .entry", has_text="Entry").inner_text()
    assert BAIT in window.locator("#people").inner_text()
    assert BAIT in window.locator(".legend").inner_text()
    assert window.locator("#main img, #people img, #main script").count() == 0
    assert untouched(window)


def test_an_entrys_body_can_do_nothing(baited: Any, look: Any) -> None:
    window = look("about:blank")
    outside = watch(window)
    window.goto(f"{baited.calendar('month')}/entry/{baited.council.ids[f'Entry {BAIT}']}")
    window.frame_locator("#details iframe").get_by_text("the words").wait_for()
    assert untouched(window)
    assert outside == []


def test_a_mails_body_can_do_nothing(baited: Any, look: Any) -> None:
    window = look("about:blank")
    outside = watch(window)
    window.goto(f"{baited.url}/#/{AISHA}/mail/inbox/{baited.council.ids[f'Mail {BAIT}']}")
    body = window.frame_locator(".reading iframe").first
    body.get_by_text("the words").wait_for()
    assert window.locator(".reading iframe").get_attribute("sandbox").split() == [
        "allow-same-origin",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
    ]
    body.get_by_text("send").click()
    body.get_by_text("press").click(modifiers=[])
    assert untouched(window)
    assert outside == []
    assert baited.ran == []


def test_even_opened_alone_a_body_runs_nothing(baited: Any, look: Any) -> None:
    id_ = baited.council.ids[f"Mail {BAIT}"].replace("=", "%3D")
    window = look("about:blank")
    outside = watch(window)
    window.goto(f"{baited.url}/api/mailboxes/{AISHA}/messages/{id_}/body", wait_until="commit")
    assert untouched(window)
    assert outside == []


def test_what_a_run_says_is_only_text(baited: Any, look: Any) -> None:
    window = look(baited.calendar("month"))
    baited.fails_with.append(RuntimeError(BAIT))
    window.get_by_role("button", name="Next day").click()
    assert BAIT in window.get_by_role("alert").inner_text()
    assert untouched(window)


def test_what_a_run_tells_is_only_text(baited: Any, look: Any) -> None:
    window = look(baited.calendar("month"))
    baited.tells.append(RunNews(date(2026, 11, 24), (NewsLine(AISHA, BAIT, BAIT),), 1, 1, (BAIT,)))
    window.get_by_role("button", name="Next day").click()
    panel = window.get_by_role("complementary", name="What changed on")
    panel.wait_for()
    assert panel.inner_text().count(BAIT) == 3
    assert untouched(window)


def test_markup_cannot_be_made_of_text_at_all(still: Any, look: Any) -> None:
    """The page's own policy forbids it, so a later change of the page cannot do it by mistake."""
    window = look(still.calendar("month"))
    refused = window.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } }"
    )
    assert refused


def test_nothing_is_loaded_from_elsewhere(still: Any, look: Any) -> None:
    window = look("about:blank")
    asked: list[str] = []
    window.on("request", lambda one: asked.append(one.url))
    window.goto(still.calendar("month"))
    window.locator(".entry").first.wait_for()
    assert asked
    assert all(url.startswith((still.url, "data:")) for url in asked)


def test_what_strangers_wrote_stays_text_in_every_form(baited: Any, look: Any) -> None:
    window = look(f"{baited.calendar('month')}/entry/{baited.council.ids[f'Entry {BAIT}']}")
    for name in ("edit", "move", "categories", "delete"):
        window.locator(f"#details [data-act={name}]").click()
        assert BAIT in window.locator("#details-title").inner_text()
        window.keyboard.press("Escape")
    window.locator("#details [data-act=edit]").click()
    assert window.get_by_label("Title").input_value() == f"Entry {BAIT}"
    assert BAIT in window.locator(".chips").inner_text()
    window.get_by_label("Where").fill(BAIT)
    window.get_by_role("button", name="Save").click()
    assert BAIT in window.locator(".notice").inner_text()
    assert window.locator("#details img, .notice img, .notice script").count() == 0
    assert untouched(window)


def test_what_is_written_as_a_reply_stays_text(baited: Any, look: Any) -> None:
    window = look(baited.calendar("month"))
    window.locator("#away").click()
    window.get_by_label("On until turned off").check()
    window.get_by_label("Reply to colleagues").fill(BAIT)
    window.get_by_role("button", name="Save").click()
    window.locator(".notice").wait_for()
    window.locator("#away").click()
    assert "<script>" not in window.get_by_label("Reply to colleagues").input_value()
    assert untouched(window)


def test_a_file_is_saved_and_never_opened(baited: Any, look: Any) -> None:
    page = "PGh0bWw+PHNjcmlwdD50b3AuaGl0PTE8L3NjcmlwdD48L2h0bWw+"
    id_ = baited.council.mail(AISHA, "With a file", "x", files={f"{BAIT}.html": ("text/html", page)})
    window = look(f"{baited.url}/#/{AISHA}/mail/inbox/{id_}")
    file = window.locator(".file")
    assert BAIT in file.inner_text()
    with window.expect_download() as saved:
        file.click()
    assert not set(saved.value.suggested_filename) & set('<>"/\\')
    assert untouched(window)
