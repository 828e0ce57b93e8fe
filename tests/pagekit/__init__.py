"""The small council whose page the tests look at: its people, its diaries, its server."""
