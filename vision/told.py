"""A detector for who knows the hands of a frame before the tracker asks for them."""

from collections.abc import Sequence

from vision.arrays import Floats
from vision.frames import Frame
from vision.hands import DetectedHand
from vision.region import Region
from vision.second_look import CloseDetector
from vision.tracker import Detector


class Told:
    """Gives the hands that it was told last."""

    def __init__(self) -> None:
        self._hands: Sequence[DetectedHand] = ()

    def tell(self, hands: Sequence[DetectedHand]) -> None:
        """The hands of the frame that will be asked about next."""
        self._hands = hands

    def detect(self, _frame: Frame, /) -> Sequence[DetectedHand]:
        """Those hands."""
        return self._hands


class ToldAndClose(Told):
    """The same, with another detector's close looks."""

    def __init__(self, close: CloseDetector) -> None:
        super().__init__()
        self._close = close

    def detect_close(
        self, frame: Frame, square: Region, painted_px: Sequence[Floats]
    ) -> Sequence[DetectedHand]:
        """At most one hand, full-size px."""
        return self._close.detect_close(frame, square, painted_px)


def told_beside(detector: Detector) -> Told:
    """One that is told what `detector` finds, and looks closely where that one can."""
    return ToldAndClose(detector) if isinstance(detector, CloseDetector) else Told()
