"""When each child must next be seen, and why. Pure: no file, no clock, no log."""
