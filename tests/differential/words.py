"""The words an invented caseload is made of: its kinds, its reasons, the columns of its files."""

from __future__ import annotations

KINDS = [
    "referral",
    "early_help",
    "section_47",
    "child_in_need",
    "child_protection",
    "in_our_care",
    "short_breaks",
    "adoptive_placement",
    "private_fostering",
    "temporary_carer",
    "interim_care_order_home",
    "care_order_home",
    "missing",
    "care_leaver",
    "other_living_arrangement",
    "detained_formerly_in_care",
]
COMMON = ["child_in_need", "child_protection", "in_our_care"]
STAGED = [  # the long ones: their later stages are reached only by placements of more than a year
    "in_our_care",
    "short_breaks",
    "adoptive_placement",
    "temporary_carer",
    "care_order_home",
    "other_living_arrangement",
    "care_leaver",
]
REASONS = ["child_request", "complaint", "worries", "plan", "court", "core_group", "supervision", "review"]
FIELDS = {
    "children": "child_id initials date_of_birth household_id living_at_home iro_email restricted",
    "episodes": "child_id kind start end worker_id worker_since setting first_review permanence_agreed_on "
    "lower_frequency_agreed_on approved_on final_hearing agreed_every agreed_from agreed_reason "
    "first_contact decision_at referrer_told_at returned_at breaks_every assessment_done_on "
    "support_declined_on excluded_reason difficulty",
    "visits": "visit_id child_id at status kind channel seen seen_alone awake observed at_home bedroom_seen "
    "sleeping_arrangements_seen announced brief reason access_problem finalised_at worker_id setting "
    "planned_for notified_on next_plan",
    "workers": "worker_id name email phone role team manager_id buddy_id works duty started agency",
    "absences": "worker_id start end kind buddy_id manager_told_on",
    "away": "child_id start end abroad contact_details agency_told",
    "requests": "child_id asked_on by wanted_by refused_on",
    "risks": "household_id risk to recorded_on ends joint_visit",
    "approvals": "child_id clause asked_on recorded_on by",
    "supervisions": "worker_id child_id held_on frequency_reviewed",
}
