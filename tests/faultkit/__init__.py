"""What the tests of single troubles share: a tiny council, a bad day, and what is told of each."""
