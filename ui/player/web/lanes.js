// What the timeline shows, lane by lane, and what lies under a pointer. A phase has a shape as well
// as a colour: rising for up, full for out, falling for down, low for the pull inward.
const GUTTER_PX = 104;
const NARROW_PX = 560;
const RULER_PX = 20;
const TEXT_PX = 12;
const HIT_PX = 8;

const SHAPES = { up: [1, 0.25, 0, 0], out: [0, 0, 0, 0], down: [0, 0, 1, 0.25], pull_in: [0.5, 0.5, 0.5, 0.5] };

function laneList(view, words) {
  const has = (list) => list.length > 0;
  const faults = view.reps.flatMap((rep) => rep.faults);
  const unseen = (side) => view.unseen.some(({ hand }) => hand === side || hand === "both");
  return [
    { name: "reps", label: words.lane_reps, tall: 26, shown: true },
    { name: "phases", label: words.lane_phases, tall: 32, shown: true },
    { name: "faults", label: words.lane_faults, tall: 24, shown: has(faults) },
    { name: "left", label: words.lane_left, tall: 14, shown: unseen("left") },
    { name: "right", label: words.lane_right, tall: 14, shown: unseen("right") },
    { name: "cues", label: words.lane_cues, tall: 20, shown: has(view.cues) },
    { name: "notes", label: words.lane_notes, tall: 24, shown: has(view.comments) || has(view.verdicts) },
  ].filter((lane) => lane.shown);
}

function layLanes(timeline, view, words) {
  const narrow = timeline.width < NARROW_PX;
  timeline.gutter = narrow ? 0 : GUTTER_PX;
  let top = RULER_PX;
  timeline.lanes = laneList(view, words).map((lane) => {
    const head = narrow ? TEXT_PX + 3 : 0;
    const laid = { ...lane, head, top: top + head, bottom: top + head + lane.tall };
    top = laid.bottom + 6;
    return laid;
  });
  timeline.height = top;
}

const overlaps = (timeline, item) => item.end >= timeline.from && item.start <= timeline.to;

function paintRuler(context, timeline) {
  const { decimal } = timeline.player.data.words;
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900];
  const step = steps.find((each) => each * timeline.scale >= 64) ?? 1800;
  Object.assign(context, { fillStyle: timeline.ink.text, strokeStyle: timeline.ink.line, font: timeline.font(11), textBaseline: "middle", textAlign: "left", lineWidth: 1 });
  for (let time = Math.ceil(timeline.from / step) * step; time <= timeline.to; time += step) {
    const x = Math.round(timeline.x(time)) + 0.5;
    context.beginPath();
    context.moveTo(x, RULER_PX - 6);
    context.lineTo(x, timeline.height);
    context.stroke();
    const words = clockText(time, decimal);
    const told = step >= 1 ? words.slice(0, -2) : words;
    if (x + 3 + context.measureText(told).width <= timeline.width) context.fillText(told, x + 3, RULER_PX / 2);
  }
}

function paintReps(context, timeline, lane) {
  for (const rep of timeline.view.reps) {
    if (!overlaps(timeline, rep)) continue;
    const [x, width] = timeline.bar(rep);
    Object.assign(context, { fillStyle: timeline.ink.text, strokeStyle: timeline.ink.text, lineWidth: 1.5 });
    context.globalAlpha = rep.in_part ? 0.55 : 0.85;
    context.beginPath();
    context.roundRect(x, lane.top, width, lane.tall, Math.min(4, width / 2));
    if (rep.counted) context.fill();
    else { context.setLineDash([3, 2]); context.stroke(); context.setLineDash([]); }
    context.globalAlpha = 1;
    timeline.hit(lane, x, width, rep, "rep");
    const number = `${rep.index}${rep.corrected ? "*" : ""}`;
    if (width > 9 + 7 * number.length) timeline.write(context, number, x + width / 2, lane, { colour: rep.counted ? timeline.ink.page : timeline.ink.text, align: "center", bold: true });
  }
}

function paintPhases(context, timeline, lane) {
  const { colours } = timeline.player.data;
  for (const rep of timeline.view.reps) {
    if (!overlaps(timeline, rep)) continue;
    for (const phase of timeline.phasesOf(rep)) {
      if (!overlaps(timeline, phase)) continue;
      const [x, width] = timeline.bar(phase);
      const [fromLow, fromHigh, toLow, toHigh] = SHAPES[phase.name] ?? SHAPES.out;
      const left = lane.top + lane.tall * Math.max(fromLow, fromHigh) * 0.75;
      const right = lane.top + lane.tall * Math.max(toLow, toHigh) * 0.75;
      context.beginPath();
      context.moveTo(x, lane.bottom);
      context.lineTo(x, left);
      context.lineTo(x + width, right);
      context.lineTo(x + width, lane.bottom);
      context.closePath();
      context.fillStyle = colours[phase.name] ?? timeline.ink.text;
      context.fill();
      timeline.hit(lane, x, width, { ...phase, rep }, "phase");
      nameBar(context, timeline, lane, phase, x, width);
    }
  }
}

function nameBar(context, timeline, lane, phase, x, width) {
  context.font = timeline.font(11);
  if (context.measureText(phase.short).width + 8 > width) return;
  const align = { up: "right", down: "left" }[phase.name] ?? "center"; // where the shape is tall
  const at = { right: x + width - 4, left: x + 4, center: x + width / 2 }[align];
  Object.assign(context, { fillStyle: "#161412", textBaseline: "alphabetic", textAlign: align });
  context.fillText(phase.short, at, lane.bottom - 4);
}

function paintFaults(context, timeline, lane) {
  const { colours } = timeline.player.data;
  const faults = timeline.view.reps.flatMap((rep) => rep.faults.map((fault) => ({ ...fault, rep }))).sort((a, b) => a.start - b.start);
  faults.forEach((fault, i) => {
    if (!overlaps(timeline, { start: fault.start - 1, end: fault.end + 1 })) return;
    const [x, width] = timeline.bar(fault);
    context.fillStyle = colours.fault;
    context.fillRect(x, lane.bottom - 5, Math.max(width, 2), 5);
    context.beginPath();
    context.moveTo(x - 6, lane.top + 14);
    context.lineTo(x + 6, lane.top + 14);
    context.lineTo(x, lane.top + 2);
    context.fill();
    timeline.hit(lane, x - 6, Math.max(width + 6, 12), fault, "fault");
    const next = faults.slice(i + 1).find((other) => other.start > fault.start);
    const room = (next ? timeline.x(next.start) : timeline.width) - x - 18;
    context.font = timeline.font(12);
    const same = faults.find((other) => other.start === fault.start) === fault;
    if (same && context.measureText(fault.short).width < room) timeline.write(context, fault.short, x + 10, { ...lane, bottom: lane.bottom - 6 }, {});
  });
}

function hatch(context, timeline) {
  if (timeline.hatch) return timeline.hatch;
  const tile = make("canvas", { width: 8, height: 8 });
  const ink = tile.getContext("2d");
  Object.assign(ink, { strokeStyle: timeline.player.data.colours.unseen, lineWidth: 2.5 });
  for (const shift of [-8, 0, 8]) { ink.moveTo(shift - 2, 10); ink.lineTo(shift + 10, -2); }
  ink.stroke();
  return (timeline.hatch = context.createPattern(tile, "repeat"));
}

function paintUnseen(context, timeline, lane) {
  for (const gap of timeline.view.unseen) {
    if ((gap.hand !== lane.name && gap.hand !== "both") || !overlaps(timeline, gap)) continue;
    const [x, width] = timeline.bar(gap);
    context.fillStyle = hatch(context, timeline);
    context.fillRect(x, lane.top, width, lane.tall);
    timeline.hit(lane, x, width, gap, "unseen");
  }
}

function paintCues(context, timeline, lane) {
  for (const cue of timeline.view.cues) {
    const item = { ...cue, start: cue.time, end: cue.time };
    if (!overlaps(timeline, item)) continue;
    const x = timeline.x(cue.time);
    context.beginPath();
    context.roundRect(x - 1, lane.top + 2, 14, 10, 4);
    context.moveTo(x, lane.top + 9);
    context.lineTo(x, lane.top + 17);
    context.lineTo(x + 6, lane.top + 11);
    context.fillStyle = timeline.ink.text;
    context.fill();
    timeline.hit(lane, x - 2, 16, item, "cue");
  }
}

const SIGNS = { comment: [[-5, 0, 0, -6], [0, -6, 5, 0], [5, 0, 0, 6], [0, 6, -5, 0]], right: [[-5, 0, -1, 4], [-1, 4, 6, -5]], wrong: [[-5, -5, 5, 5], [-5, 5, 5, -5]], missed: [[-5, 0, 5, 0], [0, -5, 0, 5]] };

function paintNotes(context, timeline, lane) {
  const { view } = timeline;
  const comments = view.comments.map((one) => ({ ...one, start: one.time, end: one.time, sign: "comment" }));
  const words = { counts: "right", does_not_count: "wrong" };
  const verdicts = view.verdicts.map((one) => ({ ...one, sign: words[one.word] ?? one.word }));
  for (const item of [...verdicts, ...comments]) {
    if (!overlaps(timeline, item)) continue;
    const [x, y] = [timeline.x(item.start) + 6, (lane.top + lane.bottom) / 2];
    context.beginPath();
    for (const [ax, ay, bx, by] of SIGNS[item.sign]) { context.moveTo(x + ax, y + ay); context.lineTo(x + bx, y + by); }
    Object.assign(context, { strokeStyle: timeline.ink.accent, lineWidth: 2.5, lineCap: "round" });
    context.stroke();
    timeline.hit(lane, x - 8, 16, item, item.sign === "comment" ? "comment" : "verdict");
  }
}

const PAINT = { reps: paintReps, phases: paintPhases, faults: paintFaults, left: paintUnseen, right: paintUnseen, cues: paintCues, notes: paintNotes };

function paintLanes(context, timeline) {
  paintRuler(context, timeline);
  context.save();
  context.beginPath();
  context.rect(timeline.gutter, 0, timeline.width - timeline.gutter, timeline.height);
  context.clip();
  for (const lane of timeline.lanes) PAINT[lane.name](context, timeline, lane);
  paintLoop(context, timeline);
  context.restore();
  for (const lane of timeline.lanes) {
    const at = lane.head ? { top: lane.top - lane.head, bottom: lane.top } : lane;
    timeline.write(context, lane.label, lane.head ? 2 : timeline.gutter - 8, at, { align: lane.head ? "left" : "right", size: lane.head ? 11 : 12, faint: true });
  }
}

function paintLoop(context, timeline) {
  const { loop } = timeline.player;
  if (!loop) return;
  const [x, width] = timeline.bar({ start: loop[0], end: loop[1] });
  context.fillStyle = timeline.ink.accent;
  context.globalAlpha = 0.16;
  context.fillRect(x, 0, width, timeline.height);
  context.globalAlpha = 1;
  context.fillRect(x, RULER_PX - 4, width, 4);
}
