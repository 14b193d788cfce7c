"""What sessions tell when they are measured, laid side by side, and set beside people's words."""
