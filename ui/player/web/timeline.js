// The timeline: a window of the session's time, painted when it changes; only the cursor moves with
// the picture, so an hour with hundreds of reps is as smooth as a minute.
const LEAST_SPAN_S = 1;
const LONG_S = 180; // a longer session begins with its first minutes; all of it is in the overview
const FIRST_SPAN_S = 120;

class Timeline {
  constructor(player, find) {
    this.player = player;
    this.canvas = find("canvas.sheet");
    this.overview = find("canvas.overview");
    this.cursor = find(".cursor");
    this.tip = find(".tip");
    this.place = find(".lanes");
    this.from = 0;
    this.to = this.duration > LONG_S ? FIRST_SPAN_S : this.duration;
    this.hits = [];
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.place);
    watchPointer(this);
  }

  get view() { return this.player.data.views[0]; }
  get duration() { return Math.max(this.player.clock.duration, 0.1); }
  get scale() { return (this.width - this.gutter) / (this.to - this.from); }
  x(time) { return this.gutter + (time - this.from) * this.scale; }
  time(x) { return this.from + (x - this.gutter) / this.scale; }
  bar({ start, end }) { return [this.x(start), Math.max((end - start) * this.scale, 1.5)]; }
  font(size, bold = false) { return `${bold ? 600 : 400} ${size}px ${this.ink.font}`; }

  phasesOf(rep) {
    const { edit } = this.player;
    return edit?.rep.index === rep.index ? editedPhases(edit) : rep.phases;
  }

  write(context, words, x, { top, bottom }, { colour = this.ink.text, align = "left", bold = false, size = 12, faint = false }) {
    Object.assign(context, { font: this.font(size, bold), textAlign: align, textBaseline: "middle", fillStyle: colour, globalAlpha: faint ? 0.8 : 1 });
    context.fillText(words, x, (top + bottom) / 2 + 0.5);
    context.globalAlpha = 1;
  }

  hit(lane, x, width, item, kind) {
    this.hits.push({ lane: lane.name, top: lane.top, bottom: lane.bottom, x, width, item, kind });
  }

  // The item under a place, the nearest in its lane.
  at(x, y) {
    const near = this.hits.filter((hit) => y >= hit.top - 3 && y <= hit.bottom + 3 && x >= hit.x - HIT_PX && x <= hit.x + hit.width + HIT_PX);
    const away = (hit) => Math.max(hit.x - x, x - hit.x - hit.width, 0) + hit.width * 1e-3;
    return near.sort((a, b) => away(a) - away(b))[0] ?? null;
  }

  readInk() {
    const style = getComputedStyle(this.place);
    const get = (name) => style.getPropertyValue(name).trim();
    const text = style.color;
    if (this.ink?.text !== text) this.hatch = null;
    this.ink = { text, page: get("--st-background-color") || "#fff", accent: get("--st-primary-color") || text, line: get("--st-border-color") || text, font: get("--st-font") || "sans-serif" };
  }

  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.drawNow(); });
  }

  drawNow() {
    this.width = this.place.clientWidth;
    if (!this.width) return;
    this.readInk();
    layLanes(this, this.view, this.player.data.words);
    this.canvas.style.height = `${this.height}px`;
    this.hits = [];
    paintLanes(sharp(this.canvas).context, this);
    this.drawOverview();
    this.player.boundaries.place();
    this.move();
  }

  drawOverview() {
    const { context, width, height } = sharp(this.overview);
    const x = (time) => (time / this.duration) * width;
    for (const rep of this.view.reps) {
      Object.assign(context, { fillStyle: this.ink.text, strokeStyle: this.ink.text, globalAlpha: 0.5 });
      const wide = Math.max(x(rep.end) - x(rep.start) - 1, 1);
      if (rep.counted) context.fillRect(x(rep.start), 6, wide, height - 12);
      else context.fillRect(x(rep.start), height - 8, wide, 2);
      context.globalAlpha = 1;
      context.fillStyle = this.player.data.colours.fault;
      for (const fault of rep.faults) context.fillRect(x(fault.start), 1, 2, 5);
    }
    context.globalAlpha = 1;
    Object.assign(context, { strokeStyle: this.ink.accent, fillStyle: this.ink.accent, lineWidth: 2 });
    const [left, right] = [x(this.from), x(this.to)];
    context.strokeRect(left + 1, 1, Math.max(right - left - 2, 3), height - 2);
    context.fillRect(x(this.player.clock.time) - 1, 0, 2, height);
    this.seenAt = this.player.clock.time;
  }

  // The cursor follows the picture; the window follows the cursor while it plays.
  move() {
    if (!this.ink) return; // not drawn yet: a player may be asked to begin at a moment
    const { time, playing } = this.player.clock;
    if (playing && !this.held && (time > this.to || time < this.from)) this.show(time - (this.to - this.from) * 0.1);
    const x = this.x(time);
    this.cursor.style.transform = `translateX(${x}px)`;
    this.cursor.hidden = x < this.gutter - 1 || x > this.width + 1;
    this.cursor.style.height = `${this.height}px`;
    if (Math.abs(time - (this.seenAt ?? -9)) * this.overview.clientWidth > this.duration) this.drawOverview();
  }

  // The window begins at a time and keeps its span, or takes another.
  show(from, span = this.to - this.from) {
    const wide = clamp(span, Math.min(LEAST_SPAN_S, this.duration), this.duration);
    this.from = clamp(from, 0, this.duration - wide);
    this.to = this.from + wide;
    this.draw();
  }

  zoom(factor, time = clamp(this.player.clock.time, this.from, this.to)) {
    const span = clamp((this.to - this.from) * factor, Math.min(LEAST_SPAN_S, this.duration), this.duration);
    const share = (time - this.from) / (this.to - this.from);
    this.show(time - share * span, span);
  }

  reveal(time) {
    if (time < this.from || time > this.to) this.show(time - (this.to - this.from) / 2);
  }

  // What a click on an item does, and the event that it is.
  pick({ kind, item }, time) {
    const { player } = this;
    if (kind === "rep") return player.goToRep(item);
    if (kind === "fault") return player.goToFault(item);
    if (kind === "phase") player.rep = item.rep;
    player.seek(kind === "comment" || kind === "cue" || kind === "verdict" ? item.start : time);
    player.say(this.label({ kind, item }));
  }

  label({ kind, item }) {
    const { words } = this.player.data;
    if (kind !== "phase") return item.label;
    return fill(words.item_phase, { phase: item.label, seconds: secondsText(item.end - item.start, words.decimal), rep: item.rep.index });
  }

  close() {
    this.resized.disconnect();
    cancelAnimationFrame(this.waiting);
  }
}
