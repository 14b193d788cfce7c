"""The sessions that stay: people, sessions, reps, faults, comments, verdicts, landmarks, pictures."""
