"""The invented team: the same for one seed, sound on any day, with everything that can befall in it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from bot.caseload import example, model, plain

TODAYS = [date(2026, 11, 23), date(2028, 2, 29), date(2026, 6, 13), date(2027, 1, 3), date(2026, 12, 25)]
KINDS = {
    "referral", "early_help", "section_47", "child_in_need", "child_protection", "in_our_care",
    "short_breaks", "adoptive_placement", "private_fostering", "temporary_carer", "interim_care_order_home",
    "care_order_home", "missing", "care_leaver",
}  # fmt: skip


@pytest.fixture(scope="module", params=[(day, seed) for day in TODAYS for seed in (1, 2)], ids=str)
def invented(request, tmp_path_factory) -> tuple[model.Caseload, date]:
    today, seed = request.param
    folder = tmp_path_factory.mktemp("example")
    example.write(folder, seed=seed, children=120, today=today)
    return plain.read(folder, today), today


def text_of(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_it_is_the_same_for_the_same_seed_size_and_day(tmp_path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        example.write(tmp_path / name, seed=seed, children=80, today=TODAYS[0])
    assert text_of(tmp_path / "a") == text_of(tmp_path / "b")
    assert text_of(tmp_path / "a") != text_of(tmp_path / "c")


def test_the_committed_example_is_what_its_readme_says(tmp_path):
    committed = Path(__file__).parents[3] / "config" / "caseload"
    example.write(tmp_path, seed=1, children=120, today=date(2026, 11, 23))
    assert text_of(tmp_path) == {
        name: text for name, text in text_of(committed).items() if name != "README.md"
    }


@pytest.mark.parametrize("children", [1, 2, 5, 19, 40, 121, 500])
def test_it_has_the_size_asked_for(tmp_path, children):
    example.write(tmp_path, seed=1, children=children, today=TODAYS[0])
    assert plain.read(tmp_path, TODAYS[0]).children.height == children


def test_it_has_four_slips_and_no_other_problem(invented):
    caseload, _ = invented
    told = [(problem.where.split(":")[0], problem.where.split(":")[2]) for problem in caseload.problems]
    assert sorted(told) == [
        ("children.csv", "living_at_home"),
        ("visits.csv", "finalised_at"),
        ("visits.csv", "seen"),
        ("visits.csv", "worker_id"),
    ]
    for name, schema in model.SCHEMAS.items():
        schema.validate(getattr(caseload, name))


def test_the_team_is_of_eight_workers_and_those_over_and_beside_them(invented):
    workers = invented[0].workers
    count = dict(workers["role"].value_counts().iter_rows())
    assert count["social_worker"] + count["early_help_practitioner"] + count["personal_adviser"] == 8
    assert count["manager"] == 2
    assert {"iro", "service_manager", "assistant_director"} < set(count)
    assert workers.filter(pl.col("email").str.ends_with("@northdale.example")).height == workers.height
    part_time = workers.filter(pl.col("works").list.len() < 5)
    assert part_time.height
    assert workers.filter(pl.col("duty").is_not_null()).height
    assert workers.filter(pl.col("agency")).height
    visiting = workers.filter(
        pl.col("role").is_in(["social_worker", "early_help_practitioner", "personal_adviser"])
    )
    assert visiting["manager_id"].null_count() == 0


def test_absences_are_planned_with_a_buddy_and_without_and_without_an_end(invented):
    caseload, today = invented
    absences, workers = caseload.absences, caseload.workers
    ahead = absences.filter((pl.col("kind") == "planned") & (pl.col("start") > today))
    assert ahead.filter(pl.col("buddy_id").is_not_null()).height
    without = ahead.filter(pl.col("buddy_id").is_null()).join(workers, on="worker_id")
    assert without.filter(pl.col("buddy_id_right").is_null()).height
    assert absences.filter(
        (pl.col("kind") == "unplanned") & pl.col("end").is_null() & (pl.col("start") <= today)
    ).height
    assert absences.filter(pl.col("end") < today).height


def test_every_plan_kind_is_there_with_its_worker_of_the_right_role(invented):
    episodes, workers = invented[0].episodes, invented[0].workers
    assert set(episodes["kind"]) == KINDS
    role = episodes.join(workers, on="worker_id").group_by("kind").agg(pl.col("role").unique())
    roles = {kind: set(found) for kind, found in role.iter_rows()}
    assert roles["early_help"] == {"early_help_practitioner"}
    assert roles["care_leaver"] == {"personal_adviser"}
    assert roles["child_protection"] == {"social_worker"}


FEATURES: dict[str, tuple[str, pl.Expr]] = {
    "restricted": ("children", pl.col("restricted")),
    "away from home": ("children", ~pl.col("living_at_home")),
    "unborn": ("children", pl.col("initials").is_null()),
    "own frequency": ("episodes", pl.col("agreed_reason").is_in(["child_request", "worries", "core_group"])),
    "a frequency set in review": ("episodes", pl.col("agreed_reason") == "review"),
    "agreed permanent": ("episodes", pl.col("lower_frequency_agreed_on").is_not_null()),
    "approved carers": ("episodes", pl.col("approved_on").is_not_null()),
    "final hearing": ("episodes", pl.col("final_hearing").is_not_null()),
    "breaks far apart": (
        "episodes",
        (pl.col("breaks_every_unit") == "months") & (pl.col("breaks_every_n") > 6),
    ),
    "support declined": ("episodes", pl.col("support_declined_on").is_not_null()),
    "excluded": ("episodes", pl.col("excluded_reason").is_not_null()),
    "returned": ("episodes", pl.col("returned_at").is_not_null()),
    "still missing": ("episodes", (pl.col("kind") == "missing") & pl.col("returned_at").is_null()),
    "ended": ("episodes", pl.col("end").is_not_null()),
    "reallocated": ("episodes", pl.col("worker_since") > pl.col("start").cast(pl.Date)),
    "early help contacted": ("episodes", pl.col("first_contact").is_not_null()),
    "failed": ("visits", pl.col("status") == "failed"),
    "access refused": ("visits", pl.col("access_problem")),
    "brief": ("visits", pl.col("brief")),
    "postponed": ("visits", pl.col("status") == "postponed"),
    "planned anew": ("visits", pl.col("planned_for").is_not_null()),
    "notified": ("visits", pl.col("notified_on").is_not_null()),
    "cancelled": ("visits", pl.col("status") == "cancelled"),
    "scheduled": ("visits", pl.col("status") == "scheduled"),
    "unseen": ("visits", (pl.col("status") == "completed") & ~pl.col("seen")),
    "unfinalised": ("visits", (pl.col("status") == "completed") & pl.col("finalised_at").is_null()),
    "seen alone unanswered": ("visits", pl.col("seen") & pl.col("seen_alone").is_null()),
    "not alone": ("visits", pl.col("seen") & ~pl.col("seen_alone")),
    "unannounced": ("visits", ~pl.col("announced")),
    "at school": ("visits", (pl.col("status") == "completed") & ~pl.col("at_home")),
    "contact": ("visits", pl.col("kind") == "contact"),
    "video": ("visits", pl.col("channel") == "video"),
    "return interview": ("visits", pl.col("kind") == "return_interview"),
    "without a time": ("visits", ~pl.col("at_timed")),
    "plan for next time": ("visits", pl.col("next_plan").is_not_null()),
    "abroad": ("away", pl.col("abroad")),
    "away without details": ("away", pl.col("contact_details").is_null()),
    "still away": ("away", pl.col("end").is_null()),
    "asked for by a day": ("requests", pl.col("wanted_by").is_not_null()),
    "asked for": ("requests", pl.col("wanted_by").is_null()),
    "refused": ("requests", pl.col("refused_on").is_not_null()),
    "risk to workers": ("risks", (pl.col("to") == "workers") & pl.col("joint_visit")),
    "risk to the child": ("risks", pl.col("to") == "child"),
    "risk ended": ("risks", pl.col("ends").is_not_null()),
    "approval recorded": ("approvals", (pl.col("clause") == "C.8e") & pl.col("recorded_on").is_not_null()),
    "approval asked": ("approvals", (pl.col("clause") == "C.8e") & pl.col("recorded_on").is_null()),
    "signed off": ("approvals", (pl.col("clause") == "D.15") & pl.col("recorded_on").is_not_null()),
    "not reviewed in supervision": ("supervisions", ~pl.col("frequency_reviewed")),
}


@pytest.mark.parametrize("feature", FEATURES)
def test_it_has(invented, feature):
    table, wanted = FEATURES[feature]
    assert getattr(invented[0], table).filter(wanted).height > 0


def test_brothers_and_sisters_share_a_household_a_worker_and_visits(invented):
    children = invented[0].children
    assert children.group_by("household_id").len().filter(pl.col("len") > 1).height > 10


def test_a_child_lives_in_two_places_and_one_has_short_breaks_beside_care(invented):
    episodes = invented[0].episodes.filter(pl.col("end").is_null())
    care = episodes.filter(pl.col("kind") == "in_our_care")
    assert care.group_by("child_id").agg(pl.col("setting").n_unique()).filter(pl.col("setting") > 1).height
    breaks = episodes.filter(pl.col("kind") == "short_breaks")
    assert breaks.join(care, on="child_id").height
    assert invented[0].visits["setting"].str.starts_with("SB-").any()


def test_care_leavers_are_of_several_ages(invented):
    caseload, today = invented
    leavers = caseload.children.join(caseload.episodes.filter(pl.col("kind") == "care_leaver"), on="child_id")
    ages = leavers.select((pl.lit(today) - pl.col("date_of_birth")).dt.total_days() // 365.25).to_series()
    assert ages.min() < 20 <= ages.max() < 25


def test_it_is_dated_about_today(invented):
    caseload, today = invented
    at = caseload.visits["at"].cast(pl.Date)
    took_place = caseload.visits.filter(pl.col("status").is_in(["completed", "failed"]))["at"].cast(pl.Date)
    assert today - timedelta(days=6) < took_place.max() <= today
    assert at.max() >= today
    assert at.min() < today - timedelta(days=300)


def test_most_children_on_a_protection_plan_were_seen_within_ten_days_and_some_were_not(invented):
    caseload, today = invented
    plans = caseload.episodes.filter(pl.col("kind") == "child_protection")
    seen = caseload.visits.filter(pl.col("seen") & (pl.col("kind") == "visit"))
    last = plans.join(seen, on="child_id", how="left").group_by("child_id").agg(pl.col("at").max())
    late = last.filter(pl.col("at").cast(pl.Date) < today - timedelta(days=10)).height
    assert 0 < late <= plans.height * 0.4


def test_it_grows_to_a_council_with_the_workload_of_a_worker(tmp_path):
    example.write(tmp_path, seed=1, children=2_000, today=TODAYS[0])
    caseload = plain.read(tmp_path, TODAYS[0])
    visiting = caseload.workers.filter(
        pl.col("role").is_in(["social_worker", "early_help_practitioner", "personal_adviser"])
    )
    assert visiting.height == round(2_000 / 15.4)
    assert 10 < caseload.visits.height / 2_000 < 14
    assert len(caseload.problems) == 4
