// Hands on the flat chart of the back: the chart's own drawn hand, turned as the fingers point, with
// its letter on the palm. A bridged hand is pale with a dashed ring.
const RING_PX = 15;

function handImage(stage, side) {
  stage.images ??= SIDES.map((name) => {
    const image = new Image();
    image.onload = () => stage.draw();
    image.src = `data:image/svg+xml;utf8,${encodeURIComponent(stage.view.sheet.hands[name])}`;
    return image;
  });
  return stage.images[side].complete ? stage.images[side] : null;
}

function paintOnChart(context, stage, time) {
  if (!stage.track || !stage.player.show.hands) return;
  const toPx = (u, v) => stage.toScreen("chart", [u, v]);
  for (const side of [0, 1]) paintWay(context, stage, side, time, toPx);
  for (const side of [0, 1]) {
    const hand = stage.track.onBack(side, time);
    if (hand) paintChartHand(context, stage, side, hand, toPx);
  }
}

function paintChartHand(context, stage, side, { values, state }, toPx) {
  const { data } = stage.player;
  const seen = state === SEEN;
  const [x, y] = toPx(values[0], values[1]);
  const pointed = values[2] > UNKNOWN * stage.track.back * 0.999;
  const image = pointed && handImage(stage, side);
  if (image) {
    const tip = toPx(values[2], values[3]);
    const half = stage.view.sheet.hand_px * stage.drawing.scale;
    context.save();
    context.translate(x, y);
    context.rotate(Math.atan2(tip[0] - x, y - tip[1]));
    context.globalAlpha = seen ? 0.92 : 0.3;
    context.drawImage(image, -half, -half, 2 * half, 2 * half);
    context.restore();
  }
  paintPalm(context, x, y, data.colours[SIDES[side]], data.words[`letter_${SIDES[side]}`], seen);
}

function paintPalm(context, x, y, colour, letter, seen) {
  context.beginPath();
  context.arc(x, y, RING_PX, 0, 2 * Math.PI);
  context.fillStyle = seen ? colour : "rgba(255, 255, 255, 0.85)";
  context.fill();
  context.setLineDash(seen ? [] : [4, 4]);
  Object.assign(context, { strokeStyle: seen ? "#fff" : colour, lineWidth: 2.5 });
  context.stroke();
  context.setLineDash([]);
  Object.assign(context, { font: "700 15px system-ui, sans-serif", textAlign: "center", textBaseline: "middle", fillStyle: seen && colour === "#0072B2" ? "#fff" : "#161412" });
  context.fillText(letter, x, y + 1);
}
