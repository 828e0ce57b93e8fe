"""Bad days on order: what can go wrong between a bot and Microsoft 365, when it is asked to."""
