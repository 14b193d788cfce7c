// The hands of a session, unpacked from bytes (their layout stands in `track_bytes.py`), and where
// a hand is at a moment. Between two samples it is somewhere between; over a gap it is not known.
const SIDES = ["left", "right"];
const UNKNOWN = -32768;
const [UNSEEN, BRIDGED, SEEN] = [0, 1, 2];
const SAME_S = 0.004; // a sample nearer than this is the picture's own
const GAP_S = 0.25;
const PALM = [0, 5, 9, 13, 17];

class Track {
  constructor(buffer, count, steps, picture) {
    let at = 0;
    const take = (Numbers, length) => {
      const part = new Numbers(buffer, at, length);
      at += part.byteLength;
      return part;
    };
    this.count = count;
    this.times = take(Float32Array, count);
    this.landmarks = take(Int16Array, 2 * count * 42);
    this.drifts = take(Int16Array, 2 * count);
    this.backs = take(Int16Array, 2 * count * 4);
    this.states = take(Uint8Array, 2 * count);
    this.px = steps.px * Math.max(...picture);
    this.back = steps.back;
  }

  // Index of the last sample at or before a time; -1 before the first.
  before(time) {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= time + SAME_S) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  // The two samples around a time and how far it is from the first to the second; null in a gap.
  around(time) {
    const first = this.before(time);
    if (first < 0) return this.count && this.times[0] - time < GAP_S ? [0, 0, 0] : null;
    if (Math.abs(this.times[first] - time) <= SAME_S) return [first, first, 0];
    const second = Math.min(first + 1, this.count - 1);
    const gap = this.times[second] - this.times[first];
    if (second === first) return time - this.times[first] < GAP_S ? [first, first, 0] : null;
    return gap > GAP_S ? null : [first, second, (time - this.times[first]) / gap];
  }

  state(side, index) {
    return this.states[side * this.count + index];
  }

  // {state, values}: values are `size` numbers from `numbers`, times `step`; null where unknown.
  read(numbers, size, step, side, time) {
    const found = this.around(time);
    if (!found) return null;
    let [first, second, share] = found;
    const known = (index) => this.state(side, index) !== UNSEEN && numbers[(side * this.count + index) * size] !== UNKNOWN;
    if (!known(first) || !known(second)) first = second = share < 0.5 ? first : second;
    if (!known(first)) return null;
    const [a, b] = [(side * this.count + first) * size, (side * this.count + second) * size];
    const values = new Float32Array(size);
    for (let i = 0; i < size; i++) values[i] = (numbers[a + i] * (1 - share) + numbers[b + i] * share) * step;
    return { state: Math.min(this.state(side, first), this.state(side, second)), values };
  }

  // 21 landmarks as x, y px of the upright picture.
  hand(side, time) {
    return this.read(this.landmarks, 42, this.px, side, time);
  }

  // Palm and pointer on the chart: u, v, u, v.
  onBack(side, time) {
    return this.read(this.backs, 4, this.back, side, time);
  }

  // Whether anything is known of the hand then, wherever it may be.
  seen(side, time) {
    const found = this.around(time);
    if (!found) return UNSEEN;
    return this.state(side, found[2] < 0.5 ? found[0] : found[1]);
  }

  // How far the picture had moved, px.
  drift(time) {
    const index = clamp(this.before(time), 0, this.count - 1);
    return this.count ? [this.drifts[2 * index] * this.px, this.drifts[2 * index + 1] * this.px] : [0, 0];
  }

  // The way of a palm over a stretch: points with their states; null where the hand was not known.
  *way(side, from, to, onBack) {
    const last = this.before(to);
    for (let i = Math.max(0, this.before(from)); i <= last; i++) {
      const state = this.state(side, i);
      const at = side * this.count + i;
      if (state === UNSEEN) yield null;
      else if (onBack) {
        const known = this.backs[4 * at] !== UNKNOWN;
        yield known ? { x: this.backs[4 * at] * this.back, y: this.backs[4 * at + 1] * this.back, state } : null;
      } else {
        if (this.landmarks[42 * at] === UNKNOWN) { yield null; continue; }
        let [x, y] = [0, 0];
        for (const k of PALM) { x += this.landmarks[42 * at + 2 * k]; y += this.landmarks[42 * at + 2 * k + 1]; }
        yield { x: (x / PALM.length) * this.px, y: (y / PALM.length) * this.px, state };
      }
    }
  }
}
