// The player: one clock leads, everything else follows it. What it tells Python is numbered.
const MOMENT_MS = 600;
const NEAR_S = 0.02;
const BEHIND_S = 0.5;

class Player {
  constructor(root, component) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, find, data: component.data, tell: component.setStateValue, number: Date.now(), show: { hands: true, back: true }, speed: 1, loop: null, tool: null, edit: null, rep: null, sentAt: null });
    this.element = find(".player");
    this.stages = this.data.views.map((view) => new Stage(this, view));
    find(".stages").replaceChildren(...this.stages.map((stage) => stage.element));
    find(".stages").dataset.count = this.stages.length;
    this.boundaries = new Boundaries(this, find(".handles"));
    this.timeline = new Timeline(this, find);
    this.known = this.clock.duration;
    this.label();
    watchKeys(this, this.element);
    this.onfull = () => this.showState();
    document.addEventListener("fullscreenchange", this.onfull);
    this.take(this.data, true);
  }

  get clock() { return this.stages[0].clock; }

  label() {
    const { words } = this.data;
    this.element.setAttribute("aria-label", words.title);
    this.timeline.canvas.setAttribute("aria-label", words.timeline);
    buildTransport(this, this.find(".transport"));
    buildZoom(this, this.find(".zoom"));
    buildHelp(this, this.find(".help"));
  }

  // A rerun brings data; only what is new in it counts.
  take(data, first = false) {
    const spoken = this.data.words.title !== data.words.title;
    if (data.views[0].comments.length !== this.data.views[0].comments.length) for (const { pen } of this.stages) pen.drawn = [];
    this.data = data;
    this.stages.forEach((stage, i) => stage.update(data.views[i]));
    if (this.edit) this.keepEdit();
    if (spoken) this.label();
    if (!data.drawing) this.tool = null;
    if (data.loop && String(data.loop) !== String(this.askedLoop)) { this.setLoop(data.loop); this.seek(data.loop[0], false); }
    if (data.seek !== null && data.seek !== this.askedSeek) this.seek(data.seek, false);
    if (first) this.sentAt = this.clock.aim;
    Object.assign(this, { askedLoop: data.loop, askedSeek: data.seek });
    this.showState();
    this.showTools();
    this.timeline.draw();
    for (const stage of this.stages) stage.draw();
  }

  keepEdit() {
    const rep = this.data.views[0].reps.find(({ index }) => index === this.edit.rep.index);
    if (!this.data.correcting || !rep) this.boundaries.end();
    else if (!this.edit.moved && String(rep.phases.map((phase) => phase.end)) !== String(this.edit.rep.phases.map((phase) => phase.end))) this.boundaries.begin(rep);
  }

  send(event) {
    this.number += 1;
    this.tell("event", { number: this.number, ...event });
  }

  // --- time
  toggle() { this.clock.playing ? this.clock.pause() : this.start(); }

  start() {
    const { aim, ended } = this.clock;
    if (this.loop && (ended || aim < this.loop[0] - NEAR_S || aim > this.loop[1] - NEAR_S)) this.clock.seek(this.loop[0]);
    else if (ended) this.clock.seek(0);
    this.clock.rate = this.speed;
    this.clock.play();
  }

  seek(time, told = true) {
    const at = clamp(time, 0, this.clock.duration);
    this.clock.seek(at);
    this.timeline.reveal(at);
    if (told) this.settle();
  }

  scrub(time) { this.clock.seek(clamp(time, 0, this.clock.duration)); }

  // Paused at a moment for a while: that is worth a run of the page, every picture is not.
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      const time = Math.round(this.clock.aim * 1000) / 1000;
      if (this.closed || this.clock.playing || (this.sentAt !== null && Math.abs(time - this.sentAt) < NEAR_S)) return;
      this.sentAt = time;
      this.send({ kind: "moment", time_s: time });
    }, MOMENT_MS);
  }

  step(way) {
    this.clock.pause();
    const half = this.data.views[0].frame_s / 2;
    // Keys may come faster than pictures: a step counts from the picture that is on its way, which
    // begins up to a frame before the time that was asked for.
    const { going, time } = this.clock;
    const target = this.frameBy(going === null ? time : going - 0.98 * half, way);
    this.seek(this.clock === this.stages[0].free ? target : target + half);
  }

  // The picture so many on from the one at a time: by the samples where each picture has one.
  frameBy(time, count) {
    const { track, view } = this.stages[0];
    if (!track || !this.framesKnown()) return clamp(Math.round(time / view.frame_s + count) * view.frame_s, 0, this.clock.duration);
    return track.times[clamp(this.frameIndex(time) + count, 0, track.count - 1)];
  }

  nearestFrame(time) { return this.frameBy(time, 0); }

  frameIndex(time) {
    const { track } = this.stages[0];
    const at = clamp(track.before(time), 0, track.count - 1);
    const next = Math.min(at + 1, track.count - 1);
    return track.times[next] - time < time - track.times[at] ? next : at;
  }

  framesKnown() {
    const { track, view } = this.stages[0];
    if (!track || track.count < 3 || view.hands.every > 1) return false;
    if (this.clock === this.stages[0].free) return true;
    const step = (track.times[track.count - 1] - track.times[0]) / (track.count - 1);
    return Math.abs(step - view.frame_s) < 0.3 * view.frame_s;
  }

  setSpeed(speed) {
    this.speed = speed;
    this.clock.rate = speed;
    this.follow();
  }

  // --- reps, faults, loop
  repNow() {
    const { reps } = this.data.views[0];
    const time = this.clock.aim + NEAR_S;
    return reps.find((rep) => time >= rep.start && time < rep.end) ?? reps.filter((rep) => rep.start <= time).pop() ?? reps[0];
  }

  nextRep(way) {
    const { reps } = this.data.views[0];
    const time = this.clock.aim;
    const found = way > 0 ? reps.find((rep) => rep.start > time + NEAR_S) : reps.filter((rep) => rep.start < time - 0.5).pop();
    if (found) this.goToRep(found);
  }

  nextFault(way) {
    const faults = this.data.views[0].reps.flatMap((rep) => rep.faults.map((fault) => ({ ...fault, rep }))).sort((a, b) => a.start - b.start);
    const time = this.clock.aim;
    const found = way > 0 ? faults.find((fault) => fault.start > time + 2 * NEAR_S) : faults.filter((fault) => fault.start < time - 0.5).pop();
    if (found) this.goToFault(found);
  }

  goToRep(rep) {
    this.rep = rep;
    this.seek(rep.start, false);
    this.moveLoopTo(rep);
    this.say(rep.label);
    this.heard({ kind: "rep", rep: rep.index }, rep.start);
  }

  goToFault(fault) {
    this.rep = fault.rep;
    this.seek(fault.start, false);
    this.say(fault.label);
    this.heard({ kind: "fault", rep: fault.rep.index, code: fault.code }, fault.start);
  }

  heard(event, time) {
    clearTimeout(this.settling);
    this.sentAt = time;
    this.send(event);
  }

  // A loop over a rep goes along to the next one.
  moveLoopTo(rep) { if (this.looped) { this.looped = rep; this.setLoop([rep.start, rep.end]); } }

  loopRep() {
    if (this.loop) return this.clearLoop();
    const rep = this.repNow();
    if (!rep) return;
    this.looped = rep;
    this.setLoop([rep.start, rep.end]);
    if (this.clock.aim < rep.start || this.clock.aim > rep.end) this.seek(rep.start);
  }

  loopEnd(end) {
    this.looped = null;
    const loop = [...(this.loop ?? [0, this.clock.duration])];
    loop[end] = this.clock.aim;
    if (loop[1] - loop[0] < 0.2) loop[1 - end] = end ? 0 : this.clock.duration;
    this.setLoop(loop);
    this.sendLoop();
  }

  setLoop(loop) {
    this.loop = [clamp(loop[0], 0, this.clock.duration), clamp(loop[1], 0, this.clock.duration)];
    if (this.loop[1] - this.loop[0] < 0.05) this.loop = null;
    this.showState();
    this.timeline.draw();
  }

  sendLoop() {
    this.looped = null;
    if (!this.loop) return;
    const [start, end] = this.loop.map((time) => Math.round(time * 1000) / 1000);
    this.heard({ kind: "range", start_s: start, end_s: end }, this.clock.aim);
  }

  clearLoop() {
    this.loop = this.looped = null;
    this.showState();
    this.timeline.draw();
  }

  // --- marks, boundaries
  choose(tool) {
    this.tool = this.tool === tool ? null : tool;
    for (const { canvas } of this.stages) canvas.classList.toggle("drawing", Boolean(this.tool));
    this.showTools();
  }

  clearMarks() {
    for (const stage of this.stages) { stage.pen.drawn = []; stage.draw(); }
    this.showTools();
  }

  comment() {
    this.clock.pause();
    const { pen } = this.stages[0];
    const time = pen.drawn[0]?.time ?? this.clock.aim;
    this.heard({ kind: "comment", time_s: Math.round(time * 1000) / 1000, marks: sentMarks(pen) }, time);
  }

  toggleEdit() {
    if (this.edit) this.boundaries.end();
    else this.boundaries.begin(this.repNow());
    this.showTools();
  }

  escape() {
    if (!this.find(".help").hidden) return this.toggleHelp();
    if (this.tool) return this.choose(this.tool);
    if (this.edit) return this.toggleEdit();
    if (this.loop) this.clearLoop();
  }

  // --- what is seen and heard
  mute() { this.clock.muted = !this.clock.muted; this.showState(); }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.element.requestFullscreen?.();
  }

  toggleShown(name) {
    this.show[name] = !this.show[name];
    this.buttons[name].setAttribute("aria-pressed", String(this.show[name]));
    for (const stage of this.stages) stage.draw();
  }

  toggleMode() {
    const mode = this.stages[0].mode === "chart" ? "picture" : "chart";
    for (const stage of this.stages) stage.setMode(mode === "picture" && !stage.hasPicture ? "chart" : mode);
    this.showState();
  }

  toggleHelp() {
    const help = this.find(".help");
    help.hidden = !help.hidden;
    (help.hidden ? this.buttons.help : help.querySelector("button")).focus();
  }

  say(words) { this.find(".told").textContent = words; }
  focus() { this.element.focus({ preventScroll: true }); }
  focusTimeline() { this.timeline.canvas.focus({ preventScroll: true }); }

  // A clock began, stopped, or became another one.
  changed(stage) {
    if (!this.timeline) return; // it is being built
    if (this.loop && this.clock.ended && this.loop[1] >= this.clock.duration - 0.1) this.start();
    if (stage === this.stages[0] && !this.clock.playing && this.wasPlaying) this.settle();
    this.wasPlaying = this.clock.playing;
    if (this.known !== this.clock.duration) { // the video knows its length better
      const whole = this.timeline.to - this.timeline.from >= this.known - 0.01;
      this.known = this.clock.duration;
      this.timeline.show(this.timeline.from, whole ? this.clock.duration : undefined);
    }
    this.follow();
    this.showState();
  }

  // Another picture is on the screen.
  shown(stage) {
    stage.draw();
    if (stage !== this.stages[0] || !this.timeline) return;
    if (this.loop && this.clock.playing && this.clock.time >= this.loop[1]) this.clock.seek(this.loop[0]);
    this.follow();
    this.timeline.move();
    this.showTime();
  }

  // The second one goes where the first one's moment is, at the pace that this asks for.
  follow() {
    const second = this.stages[1];
    if (!second || !this.data.pairs) return;
    const { time, pace } = inStep(this.data.pairs, this.clock.aim);
    const { clock } = second;
    const free = clock === second.free;
    const going = this.clock.playing && pace > 0.05 && !free;
    if (!going && clock.playing) clock.pause();
    const behind = clamp(time, 0, clock.duration) - clock.aim;
    if (free || Math.abs(behind) > (going ? BEHIND_S : NEAR_S)) clock.seek(time);
    if (!going) return;
    // A little behind, it catches up by its pace: to seek while it plays would make it stutter.
    const rate = this.speed * pace * (1 + clamp(behind, -0.3, 0.3));
    if (Math.abs(rate / clock.rate - 1) > 0.03) clock.rate = rate;
    if (!clock.playing && !clock.ended) clock.play();
  }

  showTime() {
    const { words } = this.data;
    const { time, duration, playing } = this.clock;
    const at = clockText(time, words.decimal);
    if (this.clockText !== at) {
      this.clockText = at;
      this.clockShown.textContent = `${at} / ${clockText(duration, words.decimal)}`;
    }
    const second = playing ? Math.floor(time) : time.toFixed(2);
    if (this.spokenAt === second) return;
    this.spokenAt = second;
    const rep = this.data.views[0].reps.find((one) => time >= one.start && time < one.end);
    const phase = rep?.phases.find((one) => time >= one.start && time < one.end);
    const slider = { valuemin: 0, valuemax: duration.toFixed(1), valuenow: time.toFixed(2), valuetext: [at, rep?.label, phase?.label].filter(Boolean).join(", ") };
    for (const [name, value] of Object.entries(slider)) this.timeline.canvas.setAttribute(`aria-${name}`, value);
    if (this.data.correcting && !this.edit && this.repShown !== this.repNow()?.index) this.showTools();
  }

  showState() {
    const { words } = this.data;
    const { buttons } = this;
    const [stage] = this.stages;
    relabel(buttons.play, this.clock.playing ? words.pause : words.play, "K", this.clock.playing ? "pause" : "play");
    relabel(buttons.mute, this.clock.muted ? words.unmute : words.mute, "S", this.clock.muted ? "unmute" : "mute");
    relabel(buttons.full, document.fullscreenElement ? words.full_off : words.full, "W", "full");
    relabel(buttons.loop_rep, this.loop ? words.loop_off : words.loop_rep, "R", "loop");
    buttons.loop_rep.setAttribute("aria-pressed", String(Boolean(this.loop)));
    const pictures = this.stages.some((one) => one.hasPicture);
    buttons.mute.hidden = buttons.mode.hidden = !pictures;
    buttons.full.hidden = !this.element.requestFullscreen;
    buttons.mode.textContent = stage.mode === "chart" ? words.show_picture : words.show_chart;
    buttons.back.hidden = stage.mode === "chart" || !Object.keys(stage.view.lines).length;
    const note = this.find(".note");
    note.textContent = this.stages.some((one) => one.failed) ? words.no_codec : "";
    note.hidden = !note.textContent;
    this.clockText = this.spokenAt = null;
    this.showTime();
  }

  showTools() {
    this.repShown = this.repNow()?.index;
    const held = this.root.activeElement?.dataset?.name;
    buildTools(this, this.find(".tools"));
    if (held) this.find(`.tools [data-name="${held}"]`)?.focus();
  }

  close() {
    this.closed = true;
    clearTimeout(this.settling);
    document.removeEventListener("fullscreenchange", this.onfull);
    this.timeline.close();
    for (const stage of this.stages) stage.close();
  }
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const names = data.views.map((view) => view.id).join(" ");
  const held = parentElement.__player;
  if (held && held.names === names && !held.closed) {
    held.tell = setStateValue;
    held.take(data);
  } else {
    held?.close();
    parentElement.__player = new Player(parentElement, component);
    parentElement.__player.names = names;
  }
  return () => { parentElement.__player?.close(); parentElement.__player = null; };
}
