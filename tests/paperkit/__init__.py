"""A household written as a case would be, the papers made of it, and what can be read in their files."""
