// A rep's boundaries as handles over the timeline, by mouse, finger or keyboard: they keep their
// order, stand on pictures, and go to Python together when they are saved.
const TOUCHING_S = 0.001;

function beginEdit(rep) {
  const phases = rep.phases.map((phase) => ({ ...phase }));
  const edges = [];
  phases.forEach((phase, i) => {
    const before = phases[i - 1];
    if (before && Math.abs(before.end - phase.start) <= TOUCHING_S) edges[edges.length - 1].after = phase;
    else edges.push({ time: phase.start, before: null, after: phase });
    edges.push({ time: phase.end, before: phase, after: null });
  });
  return { rep, phases, edges, moved: false };
}

function editedPhases({ phases, edges }) {
  for (const { time, before, after } of edges) {
    if (before) before.end = time;
    if (after) after.start = time;
  }
  return phases;
}

class Boundaries {
  constructor(player, place) {
    this.player = player;
    this.holder = place;
    this.made = [];
  }

  begin(rep) {
    this.player.edit = beginEdit(rep);
    this.holder.replaceChildren();
    this.made = this.player.edit.edges.map((edge, i) => this.handle(edge, i));
    this.holder.append(...this.made);
    const span = Math.max((rep.end - rep.start) * 1.3, 2);
    this.player.timeline.show((rep.start + rep.end - span) / 2, span);
  }

  end() {
    this.player.edit = null;
    this.holder.replaceChildren();
    this.made = [];
    this.player.timeline.draw();
  }

  get changed() { return Boolean(this.player.edit?.moved); }

  handle(edge, i) {
    const handle = make("button", { type: "button", className: "handle", role: "slider" });
    handle.setAttribute("role", "slider");
    handle.onpointerdown = (event) => { event.preventDefault(); handle.focus(); handle.setPointerCapture(event.pointerId); };
    handle.onpointermove = (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const { timeline } = this.player;
      this.move(i, timeline.time(event.clientX - timeline.canvas.getBoundingClientRect().left));
    };
    handle.onkeydown = (event) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key];
      if (!steps || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.move(i, this.player.frameBy(edge.time, steps * (event.shiftKey ? 10 : 1)));
    };
    return handle;
  }

  move(i, time) {
    const { edit, clock, data } = this.player;
    const { reps } = data.views[0];
    const at = reps.findIndex((rep) => rep.index === edit.rep.index);
    const frame = data.views[0].frame_s;
    const low = i ? edit.edges[i - 1].time + frame : reps[at - 1]?.end ?? 0;
    const high = i < edit.edges.length - 1 ? edit.edges[i + 1].time - frame : reps[at + 1]?.start ?? clock.duration;
    edit.edges[i].time = clamp(this.player.nearestFrame(time), Math.min(low, high), Math.max(low, high));
    edit.moved = true;
    editedPhases(edit);
    this.player.scrub(edit.edges[i].time);
    this.player.timeline.draw();
    this.player.showTools();
  }

  place() {
    const { edit, timeline, data } = this.player;
    if (!edit) return;
    const lane = timeline.lanes.find(({ name }) => name === "phases");
    edit.edges.forEach((edge, i) => {
      const handle = this.made[i];
      const x = timeline.x(edge.time);
      handle.style.transform = `translateX(${x - 12}px)`;
      handle.style.top = `${lane.top - 6}px`;
      handle.style.height = `${lane.tall + 12}px`;
      handle.hidden = x < timeline.gutter - 2 || x > timeline.width + 2;
      const time = clockText(edge.time, data.words.decimal);
      const names = [edge.before, edge.after].map((phase) => phase?.label ?? "–");
      handle.setAttribute("aria-label", fill(data.words.boundary, { before: names[0], after: names[1] }));
      for (const [name, value] of [["valuemin", 0], ["valuemax", timeline.duration], ["valuenow", edge.time.toFixed(2)], ["valuetext", time]]) handle.setAttribute(`aria-${name}`, value);
      handle.title = time;
    });
  }

  save() {
    const { edit } = this.player;
    const round = (time) => Math.round(time * 1000) / 1000;
    const phases = editedPhases(edit).map(({ name, start, end }) => [name, round(start), round(end)]);
    edit.moved = false;
    this.player.send({ kind: "boundaries", of_start_s: edit.rep.start, of_end_s: edit.rep.end, phases });
  }
}
