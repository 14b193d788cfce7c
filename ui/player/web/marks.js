// Marks that are drawn on the picture (shares of its width and height) or the chart (u, v).
const MARK_NEAR_S = 1.5;
const LEAST_PX = 4;

function paintMark(context, tool, points) {
  if (points.length < 1) return;
  context.beginPath();
  const [a, b] = [points[0], points[points.length - 1]];
  if (tool === "ring") context.arc(a[0], a[1], Math.hypot(b[0] - a[0], b[1] - a[1]), 0, 2 * Math.PI);
  else {
    context.moveTo(...a);
    for (const point of points.slice(1)) context.lineTo(...point);
  }
  if (tool === "arrow") {
    const turn = Math.atan2(b[1] - a[1], b[0] - a[0]);
    for (const side of [-1, 1]) {
      context.moveTo(...b);
      context.lineTo(b[0] - 16 * Math.cos(turn + side * 0.5), b[1] - 16 * Math.sin(turn + side * 0.5));
    }
  }
  context.lineCap = context.lineJoin = "round";
  for (const [colour, width] of [["#14110f", 7], ["#fff", 3.5]]) Object.assign(context, { strokeStyle: colour, lineWidth: width }), context.stroke();
}

// Marks of comments near this moment, and those that are being drawn.
function paintMarks(context, stage, time) {
  const frame = stage.mode;
  const near = stage.view.comments.filter((one) => Math.abs(one.time - time) <= MARK_NEAR_S);
  for (const { marks } of near) {
    for (const { tool, places } of marks) if (places[frame]) paintMark(context, tool, places[frame].map((at) => stage.toScreen(frame, at)));
  }
  const { drawn, begun } = stage.pen;
  for (const mark of [...drawn, begun]) {
    if (mark && mark.frame === frame && Math.abs(mark.time - time) <= MARK_NEAR_S) paintMark(context, mark.tool, mark.points.map((at) => stage.toScreen(frame, at)));
  }
}

// One finger or the mouse draws with the tool that is chosen; a click without a way draws nothing.
function makePen(player, stage) {
  const pen = { drawn: [], begun: null };
  const canvas = stage.canvas;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return stage.fromScreen(stage.mode, [event.clientX - box.left, event.clientY - box.top]);
  };
  canvas.onpointerdown = (event) => {
    if (!player.tool || event.button) return player.focus();
    event.preventDefault();
    player.clock.pause();
    canvas.setPointerCapture(event.pointerId);
    pen.begun = { tool: player.tool, frame: stage.mode, time: stage.clock.time, points: [place(event)] };
  };
  canvas.onpointermove = (event) => {
    if (!pen.begun) return;
    const { tool, points } = pen.begun;
    if (tool === "line") points.push(place(event));
    else points[1] = place(event);
    stage.draw();
  };
  canvas.onpointerup = canvas.onpointercancel = () => {
    const mark = pen.begun;
    pen.begun = null;
    if (mark && long(stage, mark)) pen.drawn.push({ ...mark, points: thinned(stage, mark) });
    stage.draw();
    player.showTools();
  };
  return pen;
}

function long(stage, { frame, points }) {
  const [a, ...rest] = points.map((at) => stage.toScreen(frame, at));
  return rest.some((b) => Math.hypot(b[0] - a[0], b[1] - a[1]) > LEAST_PX);
}

// A line without the points that hardly move on.
function thinned(stage, { frame, points }) {
  let last = null;
  return points.filter((at, i) => {
    const here = stage.toScreen(frame, at);
    if (last && i < points.length - 1 && Math.hypot(here[0] - last[0], here[1] - last[1]) < LEAST_PX) return false;
    last = here;
    return true;
  });
}

const sentMarks = (pen) => pen.drawn.map(({ tool, frame, points }) => ({
  tool, frame, points: points.map((at) => at.map((value) => Math.round(value * 1e4) / 1e4)),
}));
