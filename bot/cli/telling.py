"""What a run did, told to the demo's page: in words, and with where each thing can be looked at."""

from __future__ import annotations

from bot.run.report import Posted, RunReport
from bot.sandbox.page.news import NewsLine, RunNews
from bot.sandbox.tenant import Tenant

REFUSED = "Could not do all that was to be done here"


def news_of(report: RunReport, tenant: Tenant) -> RunNews:
    """Diary by diary and mail by mail; what was refused stands with whom it concerns."""
    lines = [
        NewsLine(one.mailbox, line.what, line.why, line.did, entry=line.event_id or "")
        for one in report.kept
        for line in one.lines
    ]
    lines += [NewsLine(one.mailbox, REFUSED, error, "refused") for one in report.kept for error in one.errors]
    lines += [_mailed(mail, tenant) for mail in report.posted]
    return RunNews(
        date=report.today,
        lines=tuple(lines),
        mails=report.mails_sent,
        writes=report.writes,
        problems=report.set_aside,
    )


def _mailed(mail: Posted, tenant: Tenant) -> NewsLine:
    if mail.state == "sent":
        arrived = _arrived(tenant, mail.recipient, mail.subject)
        return NewsLine(mail.recipient, f"Mailed “{mail.subject}”", "", "mailed", mail=arrived)
    if mail.state == "sent before":
        return NewsLine(mail.recipient, f"Had mailed before: “{mail.subject}”", "", "mailed")
    went = {"waiting": "Could not mail yet", "uncertain": "Does not know whether it mailed"}
    said = went.get(mail.state, "Gave up mailing")
    return NewsLine(mail.recipient, f"{said}: “{mail.subject}”", mail.error or "", "refused")


def _arrived(tenant: Tenant, recipient: str, subject: str) -> str:
    """The mail as it lies in the recipient's inbox, or nothing where it did not come there."""
    if not tenant.has(recipient):
        return ""
    found = (one["id"] for one in tenant.messages(recipient, "inbox") if one["subject"] == subject)
    return str(next(found, ""))
