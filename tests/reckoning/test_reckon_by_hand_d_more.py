"""Pack D from D.11 on, and bad rows: dates reckoned by hand."""

from reckoning.by_hand import A, D, clauses, dues, episode, only, row, seen


def born(day: str) -> list[dict]:
    return [{"child_id": "C1", "date_of_birth": day}]


def owed(rows: list[dict]) -> list[tuple]:
    return [(it["kind"], it["setting"], it["due"], it["governed_by"]) for it in rows]


# --- D.11 to D.13 ------------------------------------------------------------------------------------


def test_return_from_missing(tmp_path):
    # Back Fri 5 Jun 2026 at 21:15: Mon 8 Jun 21:15, though the episode ended on the 5th.
    plan = [episode("missing", "2026-06-03", end="2026-06-05", returned_at="2026-06-05T21:15")]
    rows = dues(tmp_path, [D], "2026-06-06", episodes=plan)
    assert owed(rows) == [
        ("return_interview", None, "2026-06-08", ["D.11"]),
        ("visit", None, "2026-06-08", ["D.11"]),
    ]
    assert {it["due_at"] for it in rows} == {"2026-06-08T21:15"}
    declined = row("failed", "2026-06-07", kind="return_interview", reason="declined")
    rows = dues(tmp_path, [D], "2026-06-08", episodes=plan, visits=[declined, seen("2026-06-08")])
    assert rows == []


def test_care_leaver_up_to_20(tmp_path):
    # Seen 31 Dec 2026 + 2 months = 28 Feb 2027; 20 on 1 Mar 2027.
    plan = [episode("care_leaver", "2026-12-01")]
    found = only(
        dues(
            tmp_path,
            [D],
            "2027-02-01",
            children=born("2007-03-01"),
            episodes=plan,
            visits=[seen("2026-12-31")],
        )
    )
    assert (found["kind"], clauses(found)) == ("visit", {"D.12a": "2027-02-28"})


def test_care_leaver_from_20(tmp_path):
    plan = [episode("care_leaver", "2026-01-10")]
    # 20 on 1 Mar 2026, no contact yet: 1 Sep.
    found = only(dues(tmp_path, [D], "2026-03-01", children=born("2006-03-01"), episodes=plan))
    assert (found["kind"], clauses(found)) == ("contact", {"D.12b": "2026-09-01"})
    # Support declined: the attempt of 10 Apr counts, under both ids.
    plan[0]["support_declined_on"] = "2026-04-01"
    tried = row("failed", "2026-04-10", kind="contact", channel="phone")
    found = only(
        dues(tmp_path, [D], "2026-05-01", children=born("2006-03-01"), episodes=plan, visits=[tried])
    )
    assert clauses(found) == {"D.12b": "2026-10-10", "D.12c": "2026-10-10"}
    # 25 on 1 Mar 2031: nothing.
    assert dues(tmp_path, [D], "2031-03-01", children=born("2006-03-01"), episodes=plan) == []


def test_two_settings(tmp_path):
    # In care at Oaks since Mon 5 Jan, under an interim order at home since Mon 2 Mar 2026.
    plan = [
        episode("in_our_care", "2026-01-05", setting="Oaks"),
        episode("interim_care_order_home", "2026-03-02", setting="home", worker_id="W2"),
    ]
    visits = [seen("2026-01-05"), seen("2026-01-12"), seen("2026-02-09", setting="Oaks"), seen("2026-03-04")]
    # Oaks: 9 Feb + 84 = 4 May. Home: none there, 2 Mar + 84 = 25 May (the blank setting counts for neither).
    # Gap: 4 Mar + 42 = 15 Apr. D.5d: the same. D.9a: 4 Mar + 7 = 11 Mar, the earliest visit.
    rows = dues(tmp_path, [D], "2026-03-05", episodes=plan, visits=visits)
    assert [(it["worker_id"], it["setting"], clauses(it)) for it in rows] == [
        ("W2", None, {"D.9a": "2026-03-11", "D.13": "2026-04-15"}),
        ("W1", None, {"D.5d": "2026-04-15"}),
        ("W1", "Oaks", {"D.13": "2026-05-04"}),
        ("W2", "home", {"D.13": "2026-05-25"}),
    ]


def test_pack_a_and_d_on_two_workers(tmp_path):
    # A.2 stands with W1, D.8b with W2; both count the visit of Mon 12 Jan.
    plan = [
        episode("child_in_need", "2026-01-05"),
        episode("private_fostering", "2026-01-05", worker_id="W2"),
    ]
    rows = dues(tmp_path, [A, D], "2026-01-12", episodes=plan, visits=[seen("2026-01-12", worker_id="W2")])
    assert [(it["worker_id"], clauses(it), it["must"]) for it in rows] == [
        ("W1", {"A.2": "2026-02-02", "D.3": "2026-02-09"}, ["alone", "at_home"]),
        ("W2", {"D.8b": "2026-02-23"}, []),
    ]


# --- the reading of the folder -----------------------------------------------------------------------


def test_bad_rows_and_cells(tmp_path):
    rows = dues(
        tmp_path,
        [A],
        "2026-06-03",
        children=[{"child_id": "C1", "date_of_birth": "10/03/2015"}, {"child_id": "C1", "restricted": "yes"}],
        episodes=[
            episode("child_in_need", "2026-06-31"),  # no such day: set aside
            episode("child_in_need", "2026-06-01", end="soon", worker_id="W9"),
            episode("child_in_need", "2026-06-01", worker_id="W2"),  # another plan
        ],
        visits=[
            seen("2026-06-02", visit_id="V1", seen="perhaps"),
            seen("2026-06-02", visit_id="V1"),
            seen("2026-06-04"),  # not yet: set aside
        ],
    )
    assert [(row["worker_id"], row["due"]) for row in rows] == [(None, "2026-06-22"), ("W2", "2026-06-22")]
    assert all(row["must"] == ["alone", "at_home", "awake"] for row in rows)  # date of birth not known: both
