"""Many recordings at once: shared out, resumable, and none that fails stops the others."""
