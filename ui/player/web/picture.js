// Hands, their way of the last second and the back's chart over the picture.
const WAY_S = 1;
const BONES = [[0, 1], [1, 2], [2, 3], [3, 4], [0, 5], [5, 6], [6, 7], [7, 8], [5, 9], [9, 10], [10, 11], [11, 12], [9, 13], [13, 14], [14, 15], [15, 16], [13, 17], [0, 17], [17, 18], [18, 19], [19, 20]];
const HALO = "rgba(255, 255, 255, 0.9)";
const INK = "rgba(20, 17, 15, 0.75)";

function strokeTwice(context, colour, width, halo = HALO) {
  for (const [style, wide] of [[halo, width + 2], [colour, width]]) {
    Object.assign(context, { strokeStyle: style, lineWidth: wide });
    context.stroke();
  }
}

function paintLines(context, stage, time) {
  const [dx, dy] = stage.track ? stage.track.drift(time) : [0, 0];
  const [width, height] = stage.view.picture;
  const { colours } = stage.player.data;
  const styles = { outline: ["#fff", 1.5, []], spine: ["#fff", 1.5, [2, 7]], shoulders: ["#fff", 1, [6, 6]], left: [colours.left, 2, [7, 7]], right: [colours.right, 2, [7, 7]] };
  for (const [name, parts] of Object.entries(stage.view.lines)) {
    const [colour, wide, dash] = styles[name];
    context.setLineDash(dash);
    for (const line of parts) {
      context.beginPath();
      line.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](...stage.toScreen("picture", [x + dx / width, y + dy / height])));
      context.globalAlpha = 0.85;
      strokeTwice(context, colour, wide, INK);
    }
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

// A palm's way: older is fainter, bridged is dashed, and where it was not seen there is none.
function paintWay(context, stage, side, time, toPx) {
  const colour = stage.player.data.colours[SIDES[side]];
  const points = [...stage.track.way(side, time - WAY_S, time, stage.mode === "chart")];
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1], points[i]];
    if (!from || !to) continue;
    context.globalAlpha = 0.15 + (0.75 * i) / points.length;
    context.setLineDash(Math.min(from.state, to.state) === BRIDGED ? [3, 5] : []);
    context.beginPath();
    context.moveTo(...toPx(from.x, from.y));
    context.lineTo(...toPx(to.x, to.y));
    Object.assign(context, { strokeStyle: colour, lineWidth: 4, lineCap: "round" });
    context.stroke();
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function paintHand(context, stage, side, hand) {
  const { data } = stage.player;
  const colour = data.colours[SIDES[side]];
  const [width, height] = stage.view.picture;
  const at = (k) => stage.toScreen("picture", [hand.values[2 * k] / width, hand.values[2 * k + 1] / height]);
  const seen = hand.state === SEEN;
  const fine = clamp(stage.drawing.width / 640, 0.55, 1); // thinner on a phone
  context.setLineDash(seen ? [] : [4, 5]);
  context.beginPath();
  for (const [a, b] of BONES) { context.moveTo(...at(a)); context.lineTo(...at(b)); }
  Object.assign(context, { lineCap: "round", lineJoin: "round" });
  strokeTwice(context, colour, (seen ? 3 : 2) * fine);
  context.setLineDash([]);
  for (let k = 0; k < 21; k++) {
    context.beginPath();
    context.arc(...at(k), 3 * fine, 0, 2 * Math.PI);
    if (seen) { context.fillStyle = "#fff"; context.fill(); }
    Object.assign(context, { strokeStyle: colour, lineWidth: 1.5 * fine });
    context.stroke();
  }
  const [wrist, knuckle] = [at(0), at(9)];
  const long = Math.hypot(wrist[0] - knuckle[0], wrist[1] - knuckle[1]) || 1;
  paintLetter(context, data.words[`letter_${SIDES[side]}`], colour, wrist.map((value, i) => value + ((value - knuckle[i]) / long) * 18));
}

function paintLetter(context, letter, colour, [x, y]) {
  Object.assign(context, { font: "700 16px system-ui, sans-serif", textAlign: "center", textBaseline: "middle", lineWidth: 4, strokeStyle: "#fff", fillStyle: colour });
  context.strokeText(letter, x, y);
  context.fillText(letter, x, y);
}

function paintPicture(context, stage, time) {
  if (stage.player.show.back) paintLines(context, stage, time);
  if (!stage.track || !stage.player.show.hands) return;
  const [width, height] = stage.view.picture;
  for (const side of [0, 1]) {
    paintWay(context, stage, side, time, (x, y) => stage.toScreen("picture", [x / width, y / height]));
    const hand = stage.track.hand(side, time);
    if (hand) paintHand(context, stage, side, hand);
  }
}
