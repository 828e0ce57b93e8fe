"""A stand-in Microsoft 365 on this machine, and a page to look at it."""
