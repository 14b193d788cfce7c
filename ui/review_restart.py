"""What becomes of recordings whose program was killed: they are offered, or reviewed, once more."""

from typing import Final

from routines.routine import load_routine
from ui.review_files import left_behind
from ui.review_queue import QUEUE, ReviewQueue
from ui.review_records import Job, read_record, recording_path
from ui.review_uploads import UPLOADS, Recording
from ui.review_work import ReviewWork, Wish
from ui.store_handle import store
from vision.calibration import Calibration, calibration_from_json
from vision.errors import CalibrationError

MOST_BEGUN: Final = 2
"""A recording that was begun so often, and came to no end, may be what killed the program: it is
offered again, but not begun by itself."""


def take_over(queue: ReviewQueue = QUEUE) -> None:
    """Take over what programs have left that were killed, and remove what is of no use."""
    for folder in left_behind():
        record = read_record(folder.path)
        if record is None:
            folder.remove()
            continue
        path = recording_path(folder.path, record.name)
        recording = Recording(record.id, record.name, path, folder, record.made)
        if record.job is None or record.job.begun >= MOST_BEGUN:
            UPLOADS.add(record.owner, recording)
        else:
            _queue(queue, record.owner, recording, record.job)


def _queue(queue: ReviewQueue, owner: str, recording: Recording, job: Job) -> None:
    try:
        calibration = _calibration(job)
    except CalibrationError:
        UPLOADS.add(owner, recording)
        return
    wish = Wish(job.learner_id, job.annotate, job.forget_on)
    work = ReviewWork(recording, calibration, load_routine(), wish, store, owner=owner, before=job)
    queue.add(owner, work)


def _calibration(job: Job) -> Calibration | None:
    """Raises CalibrationError."""
    return None if job.calibration is None else calibration_from_json(job.calibration)
