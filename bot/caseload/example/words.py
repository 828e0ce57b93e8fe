"""Names and phrases for an invented council, none of them a real person's or place's."""

from __future__ import annotations

FIRST_NAMES = (
    "Amara", "Beth", "Callum", "Dilys", "Emre", "Farida", "Gwen", "Hamish", "Imani", "Joanna", "Kieran",
    "Leila", "Marcus", "Niamh", "Owen", "Priya", "Ruth", "Sanjay", "Tomasz", "Una", "Viktor", "Wanda",
    "Yusuf", "Zoë",
)  # fmt: skip
SURNAMES = (
    "Ashdown", "Birkett", "Coyle", "Dunmore", "Ekwueme", "Farrow", "Garside", "Hartnell", "Iqbal", "Jessop",
    "Kowalczyk", "Lomax", "Mistry", "Northgate", "Oyelaran", "Pemberly", "Quayle", "Rowntree", "Saddler",
    "Thackeray", "Underhay", "Varley", "Winstanley", "Yarrow",
)  # fmt: skip
TEAMS = ("Harbour", "Moorside", "Castle", "Riverbank", "Millfield", "Beacon")
INITIALS = "ABCDEFGHIJKLMNOPRSTWYZ"

FAILED = ("family not at home", "no answer at the door", "parent refused entry", "child at an appointment")
POSTPONED = ("family asked for another day", "worker ill", "court hearing ran over", "car broke down")
CANCELLED = ("parent cancelled by text", "school trip", "illness in the family")
NEXT_PLANS = (
    "see bedroom, ask about sleep",
    "talk about school and friends",
    "go through safety plan with parents, see younger one at play",
    "wishes and feelings work, part two",
    "check fridge and heating, ask who stays overnight",
)
RISKS_TO_WORKERS = (
    "large dog loose in yard",
    "threats made to staff by an adult visitor",
    "needles in stairwell",
)
RISKS_TO_CHILDREN = (
    "contact with an adult who must not be alone with children",
    "unsafe sleeping arrangements",
)
