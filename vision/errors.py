"""The one root of all errors that a user can mend."""


class CoachError(Exception):
    """One clear sentence for the user: what is wrong, why, and what to do."""


class VideoError(CoachError):
    """A recording that can't be opened, read or written."""


class CalibrationError(CoachError):
    """A calibration that is not valid, or does not fit the picture."""


class HandModelError(CoachError):
    """The hand model is missing, or is not the one that this project was measured with."""


class CameraError(CoachError):
    """A camera that is refused, absent or taken."""
