"""The causes of notices: concerns, absences, risks and newcomers, each with who is told of it."""
