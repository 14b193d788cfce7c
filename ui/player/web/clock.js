// Two clocks with one face: the video's own, which tells the time of the picture that is on the
// screen, and a free one where there are no pictures.
class VideoClock {
  constructor(video, { duration, changed, shown }) {
    // Some recordings begin later than at 0: their first picture's time is taken off all times.
    Object.assign(this, { video, duration, changed, time: 0, offset: null, wanted: null, going: null });
    this.exact = "requestVideoFrameCallback" in video;
    this.told = (now, picture) => {
      if (this.offset === null) this.begin(picture.mediaTime);
      this.time = picture.mediaTime - this.offset;
      if (!video.seeking) this.going = null;
      shown();
      if (!this.closed) video.requestVideoFrameCallback(this.told);
    };
    this.looked = () => {
      if (!video.seeking) this.going = null;
      if (this.time !== video.currentTime) { this.time = video.currentTime; shown(); }
      if (!this.closed) requestAnimationFrame(this.looked);
    };
    if (this.exact) video.requestVideoFrameCallback(this.told);
    else {
      this.begin(0);
      requestAnimationFrame(this.looked);
    }
    for (const name of ["play", "pause", "ended", "ratechange", "volumechange", "seeked"]) video.addEventListener(name, changed);
  }

  // The first picture is there; before it nobody knows where to go.
  begin(offset) {
    this.offset = offset;
    if (this.wanted !== null) this.seek(this.wanted);
    this.wanted = null;
  }

  get playing() { return !this.video.paused && !this.video.ended; }
  get ended() { return this.video.ended; }
  // Where it is going, which is not yet what it shows: a seek ends before its picture is there.
  get aim() { return this.wanted ?? this.going ?? this.time; }
  get rate() { return this.video.playbackRate; }
  set rate(rate) { this.video.playbackRate = clamp(rate, 0.0625, 16); }
  get muted() { return this.video.muted; }
  set muted(muted) { this.video.muted = muted; }

  play() { this.video.play().catch(() => this.changed()); }
  pause() { this.video.pause(); }
  seek(time) {
    const at = clamp(time, 0, this.duration);
    if (this.offset === null) this.wanted = at;
    else {
      this.going = at;
      this.video.currentTime = at + this.offset;
    }
  }

  close() {
    this.closed = true;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
  }
}

class FreeClock {
  constructor({ duration, changed, shown }) {
    Object.assign(this, { duration, changed, shown, time: 0, rate_: 1, playing: false, muted: true });
  }

  get ended() { return !this.playing && this.time >= this.duration; }
  get aim() { return this.time; }
  get going() { return null; }
  get rate() { return this.rate_; }
  set rate(rate) { this.rate_ = rate; this.changed(); }

  play() {
    if (this.playing) return;
    if (this.time >= this.duration) this.time = 0;
    this.playing = true;
    const run = (this.run = (this.run ?? 0) + 1); // one that was stopped must not go on in the next
    let last = performance.now();
    const tick = (now) => {
      if (!this.playing || this.closed || this.run !== run) return;
      this.time = Math.min(this.time + ((now - last) / 1000) * this.rate_, this.duration);
      last = now;
      this.shown();
      if (this.time >= this.duration) this.pause();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    this.changed();
  }

  pause() { this.playing = false; this.changed(); }
  seek(time) { this.time = clamp(time, 0, this.duration); this.shown(); }
  close() { this.closed = true; this.playing = false; }
}

// What the second of two players follows: where the first is at `first[i]`, it is at `second[i]`.
function inStep([first, second], time) {
  let i = 1;
  while (i < first.length - 1 && first[i] < time) i++;
  const span = first[i] - first[i - 1];
  const pace = span > 0 ? (second[i] - second[i - 1]) / span : 0;
  return { time: second[i - 1] + (time - first[i - 1]) * pace, pace: time < first[0] || time > first[first.length - 1] ? 1 : pace };
}
