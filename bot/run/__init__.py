"""One run: gather, judge, plan, check, write, record."""
