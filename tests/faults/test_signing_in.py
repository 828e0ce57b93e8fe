"""Tokens, secrets, certificates and clocks: either mended within the run, or ended with what to mend."""

from __future__ import annotations

import pytest
from faultkit.caseload import ANN, BEA, FIRST, SECOND
from faultkit.scene import errors

from bot.errors import BotError


@pytest.mark.trouble("token-expired")
@pytest.mark.parametrize("do", ["token_expired", "token_revoked"])
def test_a_token_that_ends_inside_a_batch_is_fetched_anew_within_the_run(scene, good, do) -> None:
    scene.filled()
    scene.second()
    scene.strike(do=do, mailbox=BEA, verb="PATCH", times=1)
    met = scene.run()
    scene.told(met)
    assert scene.diaries == good[SECOND]
    scene.repaired(good)
    assert scene.struck == 1
    scene.harmless([met])


def _ends_with_what_to_mend(scene, good) -> None:
    before = scene.shown()
    with scene.counting() as writes:
        bad = scene.run()
        assert isinstance(bad, BotError), bad
        assert writes(None) == 0
    scene.told(bad)
    assert scene.shown() == before
    scene.repaired(good)
    scene.harmless([bad])


@pytest.mark.trouble("token-refused")
def test_a_fresh_token_that_is_refused_ends_the_run_with_the_mend(scene, good) -> None:
    scene.strike(do="token_expired", path="$batch", times=None)
    _ends_with_what_to_mend(scene, good)


@pytest.mark.trouble("secret-expired")
def test_an_expired_secret_ends_the_run_before_anything_is_asked(scene, good) -> None:
    scene.strike(do="secret_expired", times=None)
    _ends_with_what_to_mend(scene, good)


@pytest.mark.trouble("sign-in-down")
def test_a_sign_in_service_in_difficulty_leaves_everything_to_the_next_run(scene, good) -> None:
    scene.filled()
    scene.second()
    before = scene.shown()
    scene.strike(do="503", path="/token", times=None)
    bad = scene.run()
    scene.told(bad)
    assert scene.shown() == before
    scene.repaired(good)
    scene.harmless([bad])


@pytest.mark.trouble("tls-changed")
def test_a_certificate_that_is_not_trusted_is_given_no_token(scene, good) -> None:
    import trustme

    settings = scene.config.read_text()
    strangers = scene.config.parent / "another-ca.pem"
    trustme.CA().cert_pem.write_to_path(strangers)
    scene.config.write_text(
        settings.replace(scene.running.ca_file.as_posix(), strangers.as_posix()), encoding="utf-8"
    )
    bad = scene.run()
    scene.told(bad)
    assert scene.running.tenant.record.requests == 0, "the line was never opened"
    scene.config.write_text(settings, encoding="utf-8")
    scene.repaired(good)
    scene.harmless([bad])


@pytest.mark.trouble("clock-skew")
@pytest.mark.parametrize("seconds", [600, -600], ids=["theirs is fast", "theirs is slow"])
def test_clocks_ten_minutes_apart_shorten_no_wait(scene, good, seconds) -> None:
    scene.strike(do="skew", seconds=seconds)
    scene.strike(do="429", mailbox=ANN, path="/events", times=2, retry_after=5, retry_after_as="date")
    met = scene.run()
    scene.told(met)
    assert scene.running.tenant.record.summary()["came_too_early"] == 0
    assert scene.diaries == good[FIRST]
    assert errors(met) == []
    scene.repaired(good)
