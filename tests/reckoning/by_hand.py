"""A small caseload written down by hand, and its dues."""

import csv
from datetime import date
from pathlib import Path

from reckoning import reckon

A, B, C, D = "short-guide", "visiting-policy", "cp-statutory-visits", "measures-of-practice"
E, F = "ddscp-home-visits", "england-statutory"

COLUMNS = {
    "children": "child_id date_of_birth household_id living_at_home restricted",
    "episodes": "child_id kind start end worker_id worker_since setting first_review permanence_agreed_on "
    "lower_frequency_agreed_on approved_on final_hearing agreed_every agreed_from agreed_reason "
    "first_contact decision_at referrer_told_at returned_at breaks_every assessment_done_on "
    "support_declined_on excluded_reason",
    "visits": "visit_id child_id at status kind channel seen seen_alone awake observed at_home bedroom_seen "
    "sleeping_arrangements_seen announced brief reason access_problem finalised_at worker_id setting "
    "planned_for",
    "workers": "worker_id email works buddy_id",
    "absences": "worker_id start end kind buddy_id manager_told_on",
    "away": "child_id start end contact_details",
    "requests": "child_id asked_on by wanted_by refused_on",
    "risks": "household_id risk to recorded_on ends joint_visit",
    "approvals": "child_id clause asked_on recorded_on by",
}

ORDINARY_WORKERS = [
    {"worker_id": "W1", "email": "w1@council.example", "buddy_id": "W2"},
    {"worker_id": "W2", "email": "w2@council.example"},
    {"worker_id": "W3", "email": "w3@council.example", "works": "mon tue wed"},
]


def episode(kind: str, start: str, **more: str) -> dict:
    return {"child_id": "C1", "worker_id": "W1", "kind": kind, "start": start} | more


def seen(at: str, **more: str) -> dict:
    """A visit that counts for every pack: at home, alone, recorded."""
    ordinary = {
        "child_id": "C1",
        "at": at,
        "status": "completed",
        "kind": "visit",
        "seen": "yes",
        "seen_alone": "yes",
        "at_home": "yes",
        "bedroom_seen": "yes",
        "finalised_at": at,
        "worker_id": "W1",
    }
    return ordinary | more


def row(status: str, at: str, **more: str) -> dict:
    return {"child_id": "C1", "at": at, "status": status, "kind": "visit", "worker_id": "W1"} | more


def write(folder: Path, files: dict[str, list[dict]]) -> None:
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(), restval="")
            writer.writeheader()
            writer.writerows(rows)


def dues(folder: Path, packs: list[str], today: str, **files: list[dict]) -> list[dict]:
    """Child C1, born 2015, unless `children` says otherwise; visits get their numbers here."""
    files.setdefault("children", [{"child_id": "C1", "date_of_birth": "2015-03-10"}])
    files.setdefault("workers", ORDINARY_WORKERS)
    files.setdefault("episodes", [])
    files["visits"] = [{"visit_id": f"V{n}"} | it for n, it in enumerate(files.get("visits", []), 1)]
    write(folder, files)
    return reckon.due(folder, packs, date.fromisoformat(today))


def only(rows: list[dict]) -> dict:
    assert len(rows) == 1, rows
    return rows[0]


def clauses(found: dict) -> dict[str, str]:
    return {clause["id"]: clause["due"] for clause in found["clauses"]}


def told(rows: list[dict]) -> dict[str, list[str]]:
    return {concern["id"]: concern["to"] for concern in rows[0]["concerns"]} if rows else {}
