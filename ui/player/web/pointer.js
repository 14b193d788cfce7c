// Pointers on the timeline: click goes there, drag on the ruler scrubs, drag elsewhere moves the
// window, with Shift it sets a loop; two fingers or the wheel zoom.
const DRAG_PX = 5;

function watchPointer(timeline) {
  const { canvas, player } = timeline;
  const fingers = new Map();
  let hold = null;
  const placeOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    const [x, y] = placeOf(event);
    fingers.set(event.pointerId, x);
    if (fingers.size === 2) hold = pinch(timeline, [...fingers.values()]);
    else hold = { kind: event.shiftKey ? "range" : y < RULER_PX ? "scrub" : "pan", x, y, from: timeline.from, start: timeline.time(x), moved: false };
    timeline.held = true;
    if (hold.kind === "scrub") player.scrub(timeline.time(x));
  };
  canvas.onpointermove = (event) => {
    const [x, y] = placeOf(event);
    if (!hold) return showTip(timeline, x, y);
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, x);
    hold.moved ||= Math.abs(x - hold.x) > DRAG_PX;
    drag(timeline, hold, x, [...fingers.values()]);
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    const [x, y] = placeOf(event);
    fingers.delete(event.pointerId);
    if (!hold || fingers.size) return;
    timeline.held = false;
    if (event.type === "pointerup") drop(timeline, hold, x, y);
    hold = null;
  };
  canvas.onpointerenter = () => timeline.draw(); // the theme may be another one by now
  canvas.onpointerleave = () => { timeline.tip.hidden = true; };
  canvas.onwheel = (event) => wheel(timeline, event, placeOf(event)[0]);
  watchOverview(timeline);
}

function pinch(timeline, [a, b]) {
  return { kind: "pinch", x: a, moved: true, apart: Math.max(Math.abs(a - b), 8), span: timeline.to - timeline.from, middle: timeline.time((a + b) / 2) };
}

function drag(timeline, hold, x, fingers) {
  const { player } = timeline;
  if (hold.kind === "pinch" && fingers.length === 2) {
    const span = clamp((hold.span * hold.apart) / Math.max(Math.abs(fingers[0] - fingers[1]), 8), LEAST_SPAN_S, timeline.duration);
    const share = ((fingers[0] + fingers[1]) / 2 - timeline.gutter) / (timeline.width - timeline.gutter);
    timeline.show(hold.middle - share * span, span);
  } else if (hold.kind === "scrub") player.scrub(timeline.time(x));
  else if (hold.kind === "pan" && hold.moved) timeline.show(hold.from - (x - hold.x) / timeline.scale);
  else if (hold.kind === "range" && hold.moved) player.setLoop([hold.start, timeline.time(x)].sort((a, b) => a - b));
}

function drop(timeline, hold, x, y) {
  const { player } = timeline;
  player.focusTimeline();
  if (hold.kind === "scrub") return player.settle();
  if (hold.kind === "range" && hold.moved) return player.sendLoop();
  if (hold.kind !== "pan" || hold.moved || x < timeline.gutter) return;
  const found = timeline.at(x, y);
  if (found) timeline.pick(found, timeline.time(x));
  else player.seek(timeline.time(x));
}

// The page keeps its wheel until the timeline was clicked; pinching on a pad comes with Ctrl.
function wheel(timeline, event, x) {
  const active = event.ctrlKey || event.metaKey || timeline.canvas.matches(":focus");
  if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    event.preventDefault();
    timeline.show(timeline.from + event.deltaX / timeline.scale);
  } else if (active) {
    event.preventDefault();
    timeline.zoom(Math.exp(clamp(event.deltaY, -120, 120) * 0.003), timeline.time(x));
  }
}

function showTip(timeline, x, y) {
  const { tip, player } = timeline;
  const found = timeline.at(x, y);
  const time = clamp(timeline.time(x), 0, timeline.duration);
  const clock = clockText(time, player.data.words.decimal);
  tip.hidden = x < timeline.gutter;
  tip.textContent = found ? `${clock} · ${timeline.label(found)}` : clock;
  tip.style.left = `${clamp(x, 4, Math.max(timeline.width - tip.offsetWidth - 4, 4))}px`;
  tip.style.top = `${y + 18}px`;
  timeline.canvas.style.cursor = found ? "pointer" : "default";
}

function watchOverview(timeline) {
  const { overview } = timeline;
  const go = (event) => {
    const box = overview.getBoundingClientRect();
    const time = ((event.clientX - box.left) / box.width) * timeline.duration;
    timeline.show(time - (timeline.to - timeline.from) / 2);
  };
  overview.onpointerdown = (event) => { overview.setPointerCapture(event.pointerId); go(event); };
  overview.onpointermove = (event) => { if (overview.hasPointerCapture(event.pointerId)) go(event); };
}
