"""The page at which people look at the diaries and mail of the stand-in, and act in them."""
