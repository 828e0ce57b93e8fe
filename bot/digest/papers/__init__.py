"""What is told on paper: the worker's own sheets, and what a family is handed. Values only, no rendering."""
