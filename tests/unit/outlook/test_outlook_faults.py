"""What each refusal of Graph means: again later, or somebody must mend something, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Permanent, Temporary
from bot.outlook.answer import Answer
from bot.outlook.faults import Nature, judge, never_sent, retry_after, unreachable

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def answer(status: int, code: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, {"error": {"code": code, "message": "Sam Smith, born 2015"}} if code else {})


@pytest.mark.parametrize(
    ("status", "code", "nature", "words"),
    [
        (403, "ErrorAccessDenied", Nature.PERMANENT, "management scope"),
        (403, "Authorization_RequestDenied", Nature.PERMANENT, "admin consent"),
        (404, "MailboxNotEnabledForRESTAPI", Nature.PERMANENT, "no such mailbox"),
        (404, "ErrorInvalidUser", Nature.PERMANENT, "no such mailbox"),
        (404, "ResourceNotFound", Nature.PERMANENT, "no such mailbox"),
        (404, "ErrorItemNotFound", Nature.GONE, "no longer there"),
        (404, "SomethingNew", Nature.PERMANENT, "report it"),
        (410, "", Nature.GONE, "no longer there"),
        (410, "syncStateNotFound", Nature.TEMPORARY, "out of date"),
        (412, "ErrorIrresolvableConflict", Nature.CONFLICT, "changed it"),
        (409, "ErrorDuplicateTransactionId", Nature.DUPLICATE, "made before"),
        (400, "ErrorDuplicateTransactionId", Nature.DUPLICATE, "made before"),
        (429, "TooManyRequests", Nature.TEMPORARY, "slow down"),
        (500, "", Nature.TEMPORARY, "in difficulty"),
        (503, "ErrorConcurrentItemSave", Nature.TEMPORARY, "in difficulty"),
        (504, "", Nature.TEMPORARY, "in difficulty"),
        (424, "FailedDependency", Nature.TEMPORARY, "in difficulty"),
        (507, "ErrorQuotaExceeded", Nature.PERMANENT, "full"),
        (302, "", Nature.PERMANENT, "proxy"),
        (401, "InvalidAuthenticationToken", Nature.PERMANENT, "clock"),
        (400, "BadRequest", Nature.PERMANENT, "report it"),
    ],
)
def test_each_refusal_has_its_meaning_and_its_words(
    status: int, code: str, nature: Nature, words: str
) -> None:
    fault = judge(answer(status, code), NOW)
    assert fault is not None
    assert fault.nature is nature
    assert words in fault.words
    assert str(status) in fault.words


def test_a_good_answer_is_no_fault() -> None:
    assert judge(Answer(200, {}, {"value": []}), NOW) is None
    assert judge(Answer(204), NOW) is None


def test_an_answer_that_is_no_json_object_is_not_taken_for_success() -> None:
    fault = judge(Answer(200, {}, None), NOW)
    assert fault is not None
    assert fault.nature is Nature.TEMPORARY


def test_graphs_own_sentence_is_never_repeated_but_its_request_id_is() -> None:
    fault = judge(answer(400, "ErrorX", request_id="3f2c-11"), NOW)
    assert fault is not None
    assert "Sam" not in fault.words
    assert "request 3f2c-11" in fault.words


def test_a_code_that_is_not_a_code_does_not_reach_the_words() -> None:
    fault = judge(Answer(400, {}, {"error": {"code": "J.S. <20417> " * 20}}), NOW)
    assert fault is not None
    assert "<" not in fault.words
    assert len(fault.words) < 300


@given(st.integers(0, 100_000))
def test_a_wait_in_seconds_is_honoured_to_the_second(seconds: int) -> None:
    assert retry_after(answer(429, retry_after=str(seconds)), NOW) == seconds


@given(st.integers(0, 3600), st.integers(-86_400, 86_400), st.floats(0, 0.999))
def test_a_wait_until_a_date_is_never_cut_short_however_wrong_our_clock(
    seconds: int, skew: int, fraction: float
) -> None:
    theirs = NOW + timedelta(seconds=fraction)  # the answer's Date drops the fraction
    headers = {
        "retry-after": format_datetime(theirs + timedelta(seconds=seconds), usegmt=True),
        "date": format_datetime(theirs, usegmt=True),
    }
    wait = retry_after(Answer(503, headers), NOW + timedelta(seconds=skew))
    assert wait is not None
    assert seconds <= wait <= seconds + 2


@given(st.integers(1, 3600), st.floats(0, 0.999))
def test_a_wait_until_a_date_is_never_cut_short_where_the_answer_has_no_clock(
    seconds: int, fraction: float
) -> None:
    now = NOW + timedelta(seconds=fraction)
    said = format_datetime(now + timedelta(seconds=seconds), usegmt=True)
    wait = retry_after(answer(503, retry_after=said), now)
    assert wait is not None
    assert wait >= seconds


@pytest.mark.parametrize("said", ["soon", "", "nan", "inf", "Thu, 99 Nov 2026 99:00:00 GMT"])
def test_a_wait_that_cannot_be_read_is_no_wait(said: str) -> None:
    assert retry_after(answer(503, retry_after=said), NOW) is None


def test_a_wait_becomes_the_moment_to_try_again() -> None:
    fault = judge(answer(429, "TooManyRequests", retry_after="90"), NOW)
    assert fault is not None
    error = fault.error(NOW)
    assert isinstance(error, Temporary)
    assert error.retry_at == NOW + timedelta(seconds=90)


def test_a_certificate_that_is_not_trusted_must_be_mended() -> None:
    error = requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer")
    fault = unreachable(error, "Microsoft Graph")
    assert isinstance(fault, Permanent)
    assert "microsoft.ca_file" in str(fault)


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.ConnectionError("NameResolutionError: graph/users/w1@council.test failed"),
        requests.exceptions.ConnectTimeout("/users/w1@council.test"),
        requests.exceptions.ReadTimeout("/users/w1@council.test"),
        requests.exceptions.ProxyError("/users/w1@council.test"),
        requests.exceptions.SSLError("EOF occurred in violation of protocol"),
        requests.exceptions.ChunkedEncodingError("/users/w1@council.test"),
    ],
)
def test_a_network_that_fails_is_temporary_and_its_words_name_nobody(
    error: requests.RequestException,
) -> None:
    fault = unreachable(error, "Microsoft Graph")
    assert isinstance(fault, Temporary)
    assert "w1@" not in str(fault)


def test_only_a_request_that_never_left_counts_as_not_sent() -> None:
    assert never_sent(requests.exceptions.ConnectTimeout())
    assert not never_sent(requests.exceptions.ReadTimeout())
    assert not never_sent(requests.exceptions.ConnectionError("Connection aborted", "reset by peer"))


@pytest.mark.parametrize(
    ("status", "nature"), [(200, "permanent"), (403, "permanent"), (407, "permanent"), (502, "temporary")]
)
def test_a_web_page_where_json_belongs_is_a_proxys_unless_a_gateway_is_in_difficulty(
    status: int, nature: str
) -> None:
    fault = judge(Answer(status, {"content-type": "text/html; charset=utf-8"}, None), NOW)
    assert fault is not None
    assert fault.nature == nature
    assert ("a proxy" in fault.words) == (nature == "permanent")
