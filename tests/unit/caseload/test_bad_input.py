"""Everything that has been seen wrong in councils' exports gets one plain message, and the rest is read."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from bot.caseload import model, plain
from bot.errors import Problem, Refused

TODAY = date(2026, 11, 23)
VISITS = "visit_id,child_id,at,status,kind,channel,seen\n"


def told(caseload: model.Caseload) -> dict[str, str]:
    return {problem.where: problem.effect for problem in caseload.problems}


def the_problem(caseload: model.Caseload, where: str) -> Problem:
    found = [problem for problem in caseload.problems if problem.where == where]
    assert len(found) == 1, caseload.problems
    return found[0]


def test_a_sound_caseload_has_no_problems_and_fits_its_schemas(read_with):
    caseload = read_with()
    assert caseload.problems == ()
    for name, schema in model.SCHEMAS.items():
        schema.validate(getattr(caseload, name))
    first = caseload.visits.row(0, named=True)
    assert first["at"] == datetime(2026, 11, 16, 14, 30)
    assert first["at_timed"] is True
    second = caseload.visits.row(1, named=True)
    assert (second["at"], second["at_timed"]) == (datetime(2026, 11, 16), False)
    assert (second["kind"], second["channel"], second["seen"]) == ("visit", "in_person", False)
    episode = caseload.episodes.row(0, named=True)
    assert (episode["agreed_every_n"], episode["agreed_every_unit"]) == (5, "working days")
    assert caseload.workers["works"].to_list()[1] == ["mon", "tue"]
    assert caseload.newest is not None
    assert caseload.away.height == 0


# --- refusals ----------------------------------------------------------------------------------------------


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"no caseload at .*Correct the path"):
        plain.read(tmp_path / "nowhere", TODAY)


def test_a_file_that_another_program_holds_is_refused(read_with, monkeypatch: pytest.MonkeyPatch):
    def held(path: Path, *_: object, **__: object):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("bot.caseload.csvfile._look", held)
    with pytest.raises(
        Refused, match=r"children\.csv cannot be read \(Permission denied\).*not open in another"
    ):
        read_with()


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "caseload.docx").write_bytes(b"PK")
    with pytest.raises(Refused, match=r"neither a folder of CSV files nor an \.xlsx workbook"):
        plain.read(tmp_path / "caseload.docx", TODAY)


def test_a_damaged_workbook_is_refused(tmp_path):
    (tmp_path / "caseload.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(Refused, match="password"):
        plain.read(tmp_path / "caseload.xlsx", TODAY)


def test_every_reason_to_refuse_is_told_at_once(read_with, caseload_folder):
    (caseload_folder / "workers.csv").unlink()
    with pytest.raises(Refused) as refused:
        read_with(
            children="", episodes="child_id,start\nC1,04/12/2026\n", visits=VISITS + "V1,C1,soon,done,,,\n"
        )
    assert {(p.where, p.effect) for p in refused.value.problems} >= {
        ("workers.csv", "run refused"),
        ("children.csv", "run refused"),
        ("episodes.csv:1:kind", "run refused"),
        ("visits.csv:2:at", "row set aside"),
        ("visits.csv:2:status", "row set aside"),
    }
    assert "episodes.csv:1:kind" in str(refused.value)


@pytest.mark.parametrize("children", ["child_id,initials\n", "child_id\n\n\n", "child_id,initials\n,J.S.\n"])
def test_a_caseload_without_a_single_child_is_refused(read_with, children):
    with pytest.raises(Refused, match="not one child"):
        read_with(children=children)


def test_semicolons_between_cells_are_recognised_in_the_mend(read_with):
    with pytest.raises(Refused, match="save the file with commas"):
        read_with(children="child_id;initials\nC1;J.S.\n")


def test_a_misspelt_required_column_is_recognised_in_the_mend(read_with):
    with pytest.raises(Refused, match="Is it the column “Child Ids”"):
        read_with(children="Child Ids,initials\nC1,J.S.\n")


def test_a_file_without_a_header_is_refused_without_repeating_its_first_row(read_with):
    with pytest.raises(Refused) as refused:
        read_with(children="C1,J.S.,2015-04-03,H1\nC2,A.B.,2019-12-24,H1\n")
    said = str(refused.value) + str(refused.value.problems)
    assert "children.csv:1:child_id" in said
    assert "J.S." not in said
    assert "2015" not in said


# --- files and headers -------------------------------------------------------------------------------------


def test_visits_may_be_a_header_alone(read_with):
    assert read_with(visits=VISITS).visits.height == 0


def test_missing_optional_columns_are_not_known(read_with):
    caseload = read_with(children="child_id\nC1\nC2\n")
    assert caseload.problems == ()
    assert caseload.children["date_of_birth"].null_count() == 2


def test_unknown_columns_are_reported_once_with_the_likely_name(read_with):
    rows = "V1,C1,2026-11-01,completed,yes,a,b\nV2,C1,2026-11-02,completed,yes,a,b\n"
    caseload = read_with(visits="visit_id,child_id,at,status,seen,colour,seen_allone\n" + rows)
    assert told(caseload) == {
        "visits.csv:1:colour": "value ignored",
        "visits.csv:1:seen_allone": "value ignored",
    }
    assert the_problem(caseload, "visits.csv:1:seen_allone").mend == "Did you mean seen_alone?"


def test_a_column_that_stands_twice_is_told(read_with):
    caseload = read_with(children="child_id,initials,Initials\nC1,J.S.,X.X.\nC2,,\n")
    assert told(caseload) == {"children.csv:1:Initials": "value ignored"}
    assert caseload.children["initials"].to_list() == ["J.S.", None]


def test_a_nameless_column_is_told_only_if_something_stands_in_it(read_with):
    assert read_with(children="child_id,\nC1,\nC2,\n").problems == ()
    caseload = read_with(children="child_id,\nC1,x\nC2,\n")
    assert told(caseload) == {"children.csv:1:2": "value ignored"}


def test_headers_in_any_case_and_cells_with_blanks_around_them(read_with):
    caseload = read_with(children=" Child ID ,INITIALS,Restricted\n C1 , J.S. , YES \nC2\t,,No\n")
    assert caseload.problems == ()
    assert caseload.children["child_id"].to_list() == ["C1", "C2"]
    assert caseload.children["restricted"].to_list() == [True, False]


def test_a_file_of_another_name_is_told(read_with):
    assert told(read_with(visit="visit_id\n")) == {"visit.csv": "value ignored"}


def test_an_optional_file_without_its_columns_is_left_out(read_with):
    caseload = read_with(risks="household_id,what\nH1,dog\n")
    assert ("risks.csv:1:risk", "value ignored") in told(caseload).items()
    assert caseload.risks.height == 0


# --- bytes -------------------------------------------------------------------------------------------------


def test_windows_1252_is_read_and_its_lines_named(read_with, sound):
    data = (
        sound["workers"]
        .replace("Owen", "José–Ana")
        .encode("utf-8")
        .replace("José–Ana".encode(), b"Jos\xe9\x96Ana")
    )
    caseload = read_with(workers=data)
    assert caseload.workers["name"].to_list() == ["Zoë Farrow", "José–Ana Lomax"]
    problem = the_problem(caseload, "workers.csv:3")
    assert problem.effect == "warning"
    assert "line 3" in problem.what
    assert "UTF-8" in problem.mend


def test_every_byte_that_windows_1252_leaves_open_is_kept(read_with, sound):
    caseload = read_with(
        workers=sound["workers"].replace("Owen", "OX").encode().replace(b"OX", b"O\x81\x8d\x8f\x90\x9d")
    )
    assert caseload.workers.height == 2
    assert caseload.workers["name"].to_list()[1].endswith("Lomax")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_no_part_of_the_first_column(read_with, sound, encoding):
    caseload = read_with(children=sound["children"].encode(encoding))
    assert caseload.children["child_id"].to_list() == ["C1", "C2"]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_of_other_systems(read_with, sound, line_end):
    caseload = read_with(**{name: text.replace("\n", line_end) for name, text in sound.items()})
    assert caseload.problems == ()
    assert caseload.visits.height == 2
    assert caseload.visits["row"].to_list() == [2, 3]


def test_blank_rows_are_passed_over_and_still_counted(read_with):
    caseload = read_with(visits=VISITS + "\n,,,,,,\n   , ,,,,,\nV1,C1,2026-11-01,completed,,,yes\n\n\n")
    assert caseload.problems == ()
    assert caseload.visits["row"].to_list() == [5]


def test_a_row_with_too_many_cells_is_set_aside_and_no_other(read_with):
    rows = (
        "V1,C1,2026-11-01,failed,,,no\nV2,C1,2026-11-02,completed,,,yes,a,b\nV3,C1,2026-11-03,failed,,,no\n"
    )
    caseload = read_with(visits=VISITS + rows)
    assert told(caseload) == {"visits.csv:3": "row set aside"}
    assert caseload.visits["visit_id"].to_list() == ["V1", "V3"]


def test_a_short_row_has_blank_cells(read_with):
    caseload = read_with(visits=VISITS + "V1,C1,2026-11-01,failed\nV2,C1,2026-11-02,failed,,,no\n")
    assert caseload.problems == ()
    assert caseload.visits["seen"].to_list() == [None, False]


def test_a_file_cut_off_in_its_last_line_is_told(read_with):
    caseload = read_with(visits=VISITS + "V1,C1,2026-11-01,failed,,,no\nV2,C1,2026-11-0")
    assert told(caseload) == {
        "visits.csv:3": "warning",
        "visits.csv:3:at": "row set aside",
        "visits.csv:3:status": "row set aside",
    }


@pytest.mark.parametrize(
    "stray", ['V2,C1,2026-11-02,completed,"visit,,yes', 'V2,C1,2026-11-02,completed,"vi"sit,,yes']
)
def test_a_stray_quotation_mark_costs_its_own_line_only(read_with, stray):
    rows = f"V1,C1,2026-11-01,completed,,,yes\n{stray}\nV3,C1,2026-11-03,completed,,,yes\n"
    caseload = read_with(visits=VISITS + rows)
    assert told(caseload) == {"visits.csv:3": "row set aside"}
    assert caseload.visits["visit_id"].to_list() == ["V1", "V3"]


def test_two_stray_marks_do_not_swallow_what_is_between_them(read_with):
    rows = (
        'V1,C1,2026-11-01,failed,"visit,,\nV2,C1,2026-11-02,failed,,,no\nV3,C1,2026-11-03,failed,visit",,\n'
    )
    caseload = read_with(visits=VISITS + rows)
    assert "V2" in caseload.visits["visit_id"].to_list()
    assert told(caseload)["visits.csv:2"] == "row set aside"


def test_a_note_of_several_lines_is_one_cell(read_with):
    text = "visit_id,child_id,at,status,seen,next_plan\n"
    caseload = read_with(
        visits=text
        + 'V1,C1,2026-11-01,completed,yes,"bedroom,\nthen ""school"""\nV2,C1,2026-11-02,failed,no,\n'
    )
    assert caseload.problems == ()
    assert caseload.visits["next_plan"].to_list() == ['bedroom,\nthen "school"', None]
    assert caseload.visits["row"].to_list() == [2, 3]


def test_nul_bytes_are_no_part_of_an_id(read_with):
    caseload = read_with(visits=VISITS + "V\0 1,C1,2026-11-01,failed,,,no\nV2,C1,2026-11-01,failed,,,no\n")
    assert told(caseload) == {"visits.csv:2:visit_id": "row set aside"}


def test_what_a_failed_formula_shows_is_no_id(read_with):
    caseload = read_with(visits=VISITS + "#N/A,C1,2026-11-01,failed,,,no\n#7,C1,2026-11-01,failed,,,no\n")
    assert told(caseload) == {"visits.csv:2:visit_id": "row set aside"}
    assert caseload.visits["visit_id"].to_list() == ["#7"]


def test_control_characters_in_notes_become_spaces(read_with):
    text = "visit_id,child_id,at,status,seen,reason\n"
    caseload = read_with(visits=text + "V1,C1,2026-11-01,failed,no,not\x0bat\x00home\n")
    assert caseload.visits["reason"].to_list() == ["not at home"]


# --- cells -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("04/12/2026", "not guessed"),
        ("4 Dec 2026", "not guessed"),
        ("2026-13-01", "not a date"),
        ("2026-02-30", "not a date"),
        ("26-11-02", "not guessed"),
        ("2026-11-02T25:00", "not a date"),
        ("2026-11-02 10:00", "not a date"),
        ("46349", "spreadsheet"),
        ("0226-11-02", "not a date"),
        ("soon", "not a date"),
    ],
)
def test_other_dates_are_never_guessed_at(read_with, at, said):
    caseload = read_with(visits=VISITS + f"V1,C1,{at},completed,,,yes\n")
    problem = the_problem(caseload, "visits.csv:2:at")
    assert said in problem.what
    assert "YYYY-MM-DD" in problem.mend
    assert problem.effect == "row set aside"
    assert caseload.visits.height == 0


def test_an_optional_date_that_cannot_be_read_costs_only_itself(read_with):
    caseload = read_with(
        visits="visit_id,child_id,at,status,planned_for\nV1,C1,2026-11-01,postponed,04/12/2026\n"
    )
    assert told(caseload) == {"visits.csv:2:planned_for": "value ignored"}
    assert caseload.visits["planned_for"].to_list() == [None]


@pytest.mark.parametrize("answer", ["y", "true", "1", "ja", "Yes?", "n/a", "#N/A"])
def test_yes_and_no_and_nothing_else(read_with, answer):
    caseload = read_with(
        visits=f"visit_id,child_id,at,status,brief,seen\nV1,C1,2026-11-01,completed,{answer},yes\n"
    )
    assert told(caseload) == {"visits.csv:2:brief": "value ignored"}
    assert caseload.visits["brief"].to_list() == [None]


@pytest.mark.parametrize(
    ("column", "value", "effect", "rows"),
    [
        ("status", "done", "row set aside", 0),
        ("channel", "skype", "row set aside", 0),
        ("finalised_at", "yesterday", "value ignored", 1),
        ("kind", "x" * 61, "row set aside", 0),
    ],
)
def test_unknown_words_in_visits(read_with, column, value, effect, rows):
    cells = {
        "visit_id": "V1",
        "child_id": "C1",
        "at": "2026-11-01",
        "status": "failed",
        "seen": "no",
        column: value,
    }
    caseload = read_with(visits=",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    assert told(caseload) == {f"visits.csv:2:{column}": effect}
    assert caseload.visits.height == rows


def test_words_are_taken_in_any_case(read_with):
    caseload = read_with(visits=VISITS + "V1,C1,2026-11-01, Completed ,Core_Group,In_Person,YES\n")
    assert caseload.problems == ()
    assert caseload.visits.select("status", "kind", "channel", "seen").row(0) == (
        "completed",
        "core_group",
        "in_person",
        True,
    )


def test_an_unknown_role_or_frequency_costs_only_itself(read_with, sound):
    caseload = read_with(
        workers=sound["workers"].replace("social_worker,mon tue wed thu fri", "student,mon tue sunday"),
        episodes=sound["episodes"].replace("5 working days", "2 fortnights"),
    )
    assert told(caseload) == {
        "workers.csv:2:role": "value ignored",
        "workers.csv:2:works": "value ignored",
        "episodes.csv:2:agreed_every": "value ignored",
    }


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("5 working days", 5, "working days"),
        ("1 working day", 1, "working days"),
        ("2 weeks", 2, "weeks"),
        ("1 month", 1, "months"),
        ("10 Days", 10, "days"),
        ("1 year", 1, "years"),
        ("48 hours", 48, "hours"),
    ],
)
def test_frequencies(read_with, sound, text, number, unit):
    episode = read_with(episodes=sound["episodes"].replace("5 working days", text)).episodes.row(
        0, named=True
    )
    assert (episode["agreed_every_n"], episode["agreed_every_unit"]) == (number, unit)


def test_plan_kinds_of_a_councils_own_are_kept(read_with, sound):
    caseload = read_with(episodes=sound["episodes"].replace("child_in_need", "Edge_of_Care"))
    assert caseload.problems == ()
    assert caseload.episodes["kind"].to_list()[1] == "edge_of_care"


def test_formulas_and_markup_stay_text_in_notes_and_are_no_initials(read_with, sound):
    caseload = read_with(
        workers=sound["workers"].replace("Owen Lomax", '"=HYPERLINK(""http://x"",""y"")"'),
        visits=sound["visits"].replace("family not at home", "<script>alert(1)</script>"),
        children=sound["children"].replace("J.S.", "<script>").replace("A.B.", "=HYPERLINK(1)"),
    )
    assert caseload.workers["name"].to_list()[1] == '=HYPERLINK("http://x","y")'
    assert caseload.visits["reason"].to_list()[1] == "<script>alert(1)</script>"
    assert caseload.children["initials"].to_list() == [None, None]
    assert told(caseload) == {
        "children.csv:2:initials": "value ignored",
        "children.csv:3:initials": "value ignored",
    }


@pytest.mark.parametrize("initials", ["J.S.", "JS", "js", "Ł.Ó.", "J", "J.P.S.", "م.ع."])
def test_initials_are_kept(read_with, sound, initials):
    assert read_with(children=sound["children"].replace("J.S.", initials)).children["initials"][0] == initials


@pytest.mark.parametrize("name", ["Jonathan", "Jay Smith", "Jay", "J1", "J/S", "John.Smith."])
def test_a_name_is_no_initials(read_with, sound, name):
    caseload = read_with(children=sound["children"].replace("J.S.", name))
    assert caseload.children["initials"][0] is None
    assert name not in str(caseload.problems)


def test_an_unreadable_restriction_is_taken_as_one(read_with, sound):
    caseload = read_with(
        children=sound["children"].replace("iro@northdale.example,no", "iro@northdale.example,Y")
    )
    assert caseload.children["restricted"].to_list() == [True, None]
    assert "taken as yes" in the_problem(caseload, "children.csv:2:restricted").what


def test_addresses_are_lower_cased_and_a_worker_without_a_good_one_is_set_aside(read_with, sound):
    text = (
        sound["workers"]
        .replace("zoe.farrow@northdale", "Zoe.Farrow@Northdale")
        .replace("owen.lomax@northdale.example", "a@b@c.example")
    )
    caseload = read_with(workers=text)
    assert caseload.workers["email"].to_list() == ["zoe.farrow@northdale.example"]
    assert told(caseload)["workers.csv:3:email"] == "row set aside"


# --- between rows and files --------------------------------------------------------------------------------


def test_of_two_rows_with_one_id_the_first_is_kept_and_both_are_named(read_with, sound):
    caseload = read_with(
        children=sound["children"] + "C1,X.Y.,,,,,\n",
        visits=sound["visits"] + "V1,C1,2026-11-17,failed,,,no,,,W1,\n",
        workers=sound["workers"] + "W1,Ruth Coyle,ruth.coyle@northdale.example,manager,,\n",
    )
    for where, first in (
        ("children.csv:4:child_id", "row 2"),
        ("visits.csv:4:visit_id", "row 2"),
        ("workers.csv:4:worker_id", "row 2"),
    ):
        problem = the_problem(caseload, where)
        assert problem.effect == "row set aside"
        assert first in problem.what
    assert caseload.children["initials"].to_list() == ["J.S.", "A.B."]
    assert caseload.visits.height == 2


def test_of_two_rows_with_one_id_the_usable_one_is_kept(read_with):
    caseload = read_with(
        visits=VISITS + "V1,C1,2027-01-01,completed,,,yes\nV1,C1,2026-11-01,completed,,,yes\n"
    )
    assert told(caseload) == {"visits.csv:2:at": "row set aside"}
    assert caseload.visits["row"].to_list() == [3]


def test_unknown_children_set_the_row_aside_in_every_file(read_with, sound):
    caseload = read_with(
        episodes=sound["episodes"] + "C9,child_in_need,2026-01-01,,W1,,,\n",
        visits=sound["visits"] + "V9,C9,2026-11-01,failed,,,no,,,W1,\n",
        away="child_id,start\nC9,2026-11-01\n",
        requests="child_id,asked_on\nC9,2026-11-01\n",
        approvals="child_id,clause\nC9,C.8e\n",
        supervisions="worker_id,child_id,held_on\nW1,C9,2026-11-01\n",
    )
    wheres = (
        "episodes.csv:4",
        "visits.csv:4",
        "away.csv:2",
        "requests.csv:2",
        "approvals.csv:2",
        "supervisions.csv:2",
    )
    assert told(caseload) == {f"{where}:child_id": "row set aside" for where in wheres}
    assert "“C9” is not in children" in the_problem(caseload, "visits.csv:4:child_id").what


def test_an_unknown_worker_is_ignored_and_an_absence_of_one_set_aside(read_with, sound):
    caseload = read_with(
        episodes=sound["episodes"].replace("10:00,,W1", "10:00,,W7"),
        workers=sound["workers"].replace("fri,W2", "fri,W8"),
        absences="worker_id,start,end,kind,buddy_id\nW9,2026-11-01,,unplanned,\nW1,2026-11-01,2026-11-02,planned,W5\n",
    )
    assert told(caseload) == {
        "episodes.csv:2:worker_id": "value ignored",
        "workers.csv:2:buddy_id": "value ignored",
        "absences.csv:2:worker_id": "row set aside",
        "absences.csv:3:buddy_id": "value ignored",
    }
    assert caseload.episodes["worker_id"].to_list() == [None, "W1"]


def test_people_who_are_their_own_managers_through_others_are_told_and_whoever_is_below_is_not(read_with):
    rows = ["A1,B1", "B1,C1", "C1,A1", "D1,A1", "E1,E1", "F1,D1", "G1,"]
    caseload = read_with(
        workers="worker_id,manager_id,email\n"
        + "".join(f"{row},{row.split(',')[0].lower()}@northdale.example\n" for row in (*rows, "W1,", "W2,"))
    )
    circle = {f"workers.csv:{row}:manager_id": "warning" for row in (2, 3, 4, 6)}
    assert told(caseload) == circle
    assert caseload.workers["manager_id"].to_list()[:2] == ["B1", "C1"]


@pytest.mark.parametrize(
    ("status", "at", "kept"),
    [
        ("completed", "2026-11-23T23:59", True),
        ("completed", "2026-11-24", False),
        ("failed", "2026-11-24T00:01", False),
        ("scheduled", "2026-11-24", True),
        ("postponed", "2026-11-24", True),
        ("cancelled", "2026-11-24", True),
    ],
)
def test_what_has_taken_place_is_not_dated_after_today(read_with, status, at, kept):
    caseload = read_with(visits=VISITS + f"V1,C1,{at},{status},,,yes\n")
    assert caseload.visits.height == kept
    assert bool(caseload.problems) is not kept


def test_a_completed_visit_that_does_not_say_whether_the_child_was_seen_is_kept_and_told(read_with):
    rows = "V1,C1,2026-11-01,completed,,,\nV2,C1,2026-11-01,completed,contact,,\nV3,C1,2026-11-01,failed,,,\n"
    caseload = read_with(visits=VISITS + rows)
    assert caseload.visits.height == 3
    assert told(caseload) == {"visits.csv:2:seen": "warning"}
    assert "does not count" in the_problem(caseload, "visits.csv:2:seen").what


def test_what_ends_before_it_starts_is_set_aside(read_with, sound):
    caseload = read_with(
        episodes=sound["episodes"]
        .replace("2026-09-01,,W1", "2026-09-01,2026-08-31,W1")
        .replace("T10:00,,W1", "T10:00,2026-09-01,W1"),
        absences="worker_id,start,end,kind\nW1,2026-11-02,2026-11-01,planned\nW1,2026-11-02,2026-11-02,planned\n",
        away="child_id,start,end\nC1,2026-11-02,2026-11-01\n",
    )
    assert told(caseload) == {
        "episodes.csv:3:end": "row set aside",
        "absences.csv:2:end": "row set aside",
        "away.csv:2:end": "row set aside",
    }
    assert caseload.episodes["episode"].to_list() == [0]
    assert caseload.episodes["row"].to_list() == [2]


def test_a_risk_at_a_household_without_children_is_told_and_kept(read_with):
    caseload = read_with(
        risks="household_id,risk,recorded_on\nH7,large dog,2026-11-01\nH1,stairs,2026-11-01\n"
    )
    assert told(caseload) == {"risks.csv:2:household_id": "warning"}
    assert caseload.risks.height == 2


def test_beyond_a_number_the_rest_is_told_in_one_line(read_with, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.caseload.findings.MOST_SHOWN", 3)
    rows = "".join(f"V{i},C1,04/12/2026,failed,,,no\n" for i in range(10))
    caseload = read_with(visits=VISITS + rows)
    assert [problem.where for problem in caseload.problems] == [
        "visits.csv:2:at", "visits.csv:3:at", "visits.csv:4:at", "visits.csv:5-11:at",
    ]  # fmt: skip
    assert "7 more cells" in caseload.problems[-1].what


def test_names_of_files_with_signs_that_mean_something_to_a_shell(tmp_path: Path, sound):
    folder = tmp_path / "export [1] *"
    folder.mkdir()
    for name, text in sound.items():
        (folder / f"{name.upper()}.CSV").write_text(text, encoding="utf-8")
    assert plain.read(folder, TODAY).visits.height == 2
