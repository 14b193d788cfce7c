"""The sessions that stay: people, reps, faults, comments, verdicts, landmarks, pictures."""
