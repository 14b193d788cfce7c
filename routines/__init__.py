"""A routine as data, its phases and reps, faults, scores and cues. Knows nothing of pixels."""
