"""Time zones as Exchange names them and as everybody else does: both are accepted, as Graph does."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.tenant.refusal import bad_request

WINDOWS = {
    "UTC": "Etc/UTC",
    "tzone://Microsoft/Utc": "Etc/UTC",
    "GMT Standard Time": "Europe/London",
    "Greenwich Standard Time": "Atlantic/Reykjavik",
    "W. Europe Standard Time": "Europe/Berlin",
    "Central Europe Standard Time": "Europe/Budapest",
    "Central European Standard Time": "Europe/Warsaw",
    "Romance Standard Time": "Europe/Paris",
    "E. Europe Standard Time": "Europe/Chisinau",
    "FLE Standard Time": "Europe/Kyiv",
    "GTB Standard Time": "Europe/Bucharest",
    "Turkey Standard Time": "Europe/Istanbul",
    "Russian Standard Time": "Europe/Moscow",
    "Morocco Standard Time": "Africa/Casablanca",
    "W. Central Africa Standard Time": "Africa/Lagos",
    "South Africa Standard Time": "Africa/Johannesburg",
    "E. Africa Standard Time": "Africa/Nairobi",
    "Egypt Standard Time": "Africa/Cairo",
    "Israel Standard Time": "Asia/Jerusalem",
    "Arab Standard Time": "Asia/Riyadh",
    "Arabian Standard Time": "Asia/Dubai",
    "Pakistan Standard Time": "Asia/Karachi",
    "India Standard Time": "Asia/Kolkata",
    "Bangladesh Standard Time": "Asia/Dhaka",
    "SE Asia Standard Time": "Asia/Bangkok",
    "China Standard Time": "Asia/Shanghai",
    "Singapore Standard Time": "Asia/Singapore",
    "Tokyo Standard Time": "Asia/Tokyo",
    "Korea Standard Time": "Asia/Seoul",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "W. Australia Standard Time": "Australia/Perth",
    "New Zealand Standard Time": "Pacific/Auckland",
    "Azores Standard Time": "Atlantic/Azores",
    "Atlantic Standard Time": "America/Halifax",
    "Eastern Standard Time": "America/New_York",
    "Central Standard Time": "America/Chicago",
    "Mountain Standard Time": "America/Denver",
    "US Mountain Standard Time": "America/Phoenix",
    "Pacific Standard Time": "America/Los_Angeles",
    "Alaskan Standard Time": "America/Anchorage",
    "Hawaiian Standard Time": "Pacific/Honolulu",
    "E. South America Standard Time": "America/Sao_Paulo",
}
YEARS = range(1602, 4500)  # what Exchange's calendar can hold
_FOLDED = {name.casefold(): iana for name, iana in WINDOWS.items()}


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The zone of that name, or Graph's refusal."""
    try:
        return ZoneInfo(_FOLDED.get(name.casefold(), name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise bad_request(
            "A valid TimeZone value must be specified. The following TimeZone value is not supported: "
            f"'{name}'.",
            "TimeZoneNotSupportedException",
        ) from None


def read_moment(text: str, zone_name: str) -> datetime:
    """A dateTimeTimeZone as a naive time in its own zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"The DateTime value '{text}' is not valid.", "ErrorInvalidArgument") from None
    if moment.year not in YEARS:
        raise bad_request(f"The DateTime value '{text}' is out of range.", "ErrorInvalidArgument")
    return moment if moment.tzinfo is None else moment.astimezone(zone(zone_name)).replace(tzinfo=None)


def to_utc(naive: datetime, zone_name: str) -> datetime:
    """That wall-clock time as a moment."""
    return naive.replace(tzinfo=zone(zone_name)).astimezone(UTC)


def write_moment(moment: datetime, zone_name: str) -> dict[str, str]:
    """A moment as Graph writes it: seven decimals, no offset, and the zone beside it."""
    local = moment.astimezone(zone(zone_name)).replace(tzinfo=None)
    return {"dateTime": local.isoformat(timespec="microseconds") + "0", "timeZone": zone_name}


def stamp(moment: datetime) -> str:
    """A moment as an Edm.DateTimeOffset in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
