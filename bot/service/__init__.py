"""Where and when runs happen: the timetable's clock on one machine, and the health page."""
