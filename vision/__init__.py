"""Frames, hands and the back frame. Knows nothing of strokes, storage or Streamlit."""
