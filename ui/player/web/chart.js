// Hands on the flat chart of the back: a palm with its letter, and where the fingers point.
const FINGERS = 0.55; // the pointer's length is wrist to knuckle; fingers go on by this share more
const PALM_PX = 15;

function paintOnChart(context, stage, time) {
  if (!stage.track || !stage.player.show.hands) return;
  const toPx = (u, v) => stage.toScreen("chart", [u, v]);
  for (const side of [0, 1]) {
    paintWay(context, stage, side, time, toPx);
    const hand = stage.track.onBack(side, time);
    if (hand) paintPalm(context, stage, side, hand, toPx);
  }
}

function paintPalm(context, stage, side, { values, state }, toPx) {
  const { data } = stage.player;
  const colour = data.colours[SIDES[side]];
  const seen = state === SEEN;
  const palm = toPx(values[0], values[1]);
  context.setLineDash(seen ? [] : [4, 4]);
  if (values[2] > UNKNOWN * stage.track.back * 0.999) {
    const tip = toPx(values[2] + (values[2] - values[0]) * FINGERS, values[3] + (values[3] - values[1]) * FINGERS);
    context.beginPath();
    context.moveTo(...palm);
    context.lineTo(...tip);
    context.lineCap = "round";
    strokeTwice(context, colour, seen ? 10 : 3);
  }
  context.beginPath();
  context.arc(...palm, PALM_PX, 0, 2 * Math.PI);
  context.fillStyle = seen ? colour : "rgba(255, 255, 255, 0.85)";
  context.fill();
  Object.assign(context, { strokeStyle: seen ? "#fff" : colour, lineWidth: 2.5 });
  context.stroke();
  context.setLineDash([]);
  Object.assign(context, { font: "700 15px system-ui, sans-serif", textAlign: "center", textBaseline: "middle", fillStyle: seen ? (side ? "#161412" : "#fff") : "#161412" });
  context.fillText(data.words[`letter_${SIDES[side]}`], palm[0], palm[1] + 1);
}
