// The buttons. Each has its word as a label and its key in the title.
const SPEEDS = [0.1, 0.25, 0.5, 1, 1.5, 2];
const ICONS = {
  play: "M7 4v16l13-8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  frame_back: "M15 5v14l-9-7zM18 5h2v14h-2z",
  frame_on: "M9 5v14l9-7zM4 5h2v14H4z",
  rep_back: "M4 5h2v14H4zM13 5v14l-7-7zM21 5v14l-7-7z",
  rep_on: "M18 5h2v14h-2zM11 5v14l7-7zM3 5v14l7-7z",
  fault_back: "M2 12l6-6v12zM16 5l6 11H10z",
  fault_on: "M22 12l-6-6v12zM8 5l6 11H2z",
  loop: "M7 7h9V4l5 4.5L16 13v-3H8v3H5V9q0-2 2-2zM17 17H8v3l-5-4.500L8 11v3h8v-3h3v4q0 2-2 2z",
  mute: "M3 9v6h4l5 4V5L7 9zM15 8q3 4 0 8l1.500 1.200q4-5.200 0-10.400z",
  unmute: "M3 9v6h4l5 4V5L7 9zM15 9l1.400-1.400L19 10.200l2.600-2.600L23 9l-2.600 2.600L23 14.200l-1.400 1.400L19 13l-2.600 2.600L15 14.200l2.600-2.600z",
  full: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
  zoom_in: "M10.500 5h3v5.500H19v3h-5.500V19h-3v-5.500H5v-3h5.500z",
  zoom_out: "M5 10.500h14v3H5z",
  help: "M9 8a3 3 0 1 1 4.200 2.800Q11 12 11 14h2q0-1 1.200-1.700A5 5 0 1 0 7 8zM11 16h2v2.500h-2z",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function iconButton(name, words, key, onclick, look = name) {
  const label = key ? `${words} (${key})` : words;
  const button = make("button", { type: "button", className: "icon", title: label, onclick }, icon(look));
  button.setAttribute("aria-label", words);
  if (key) button.setAttribute("aria-keyshortcuts", key);
  button.dataset.name = name;
  return button;
}

function wordButton(name, words, onclick, pressed = null) {
  const button = make("button", { type: "button", onclick }, words);
  button.dataset.name = name;
  if (pressed !== null) button.setAttribute("aria-pressed", String(pressed));
  return button;
}

function relabel(button, words, key, look) {
  button.title = key ? `${words} (${key})` : words;
  button.setAttribute("aria-label", words);
  if (button.dataset.look !== look) { button.dataset.look = look; button.replaceChildren(icon(look)); }
}

function speedChoice(player) {
  const { words } = player.data;
  const choice = make("select", { title: words.speed });
  choice.setAttribute("aria-label", words.speed);
  for (const speed of SPEEDS) {
    const name = `${String(speed).replace(".", words.decimal)}×`;
    choice.append(make("option", { value: String(speed), selected: speed === player.speed }, name));
  }
  choice.onchange = () => player.setSpeed(Number(choice.value));
  return choice;
}

function buildTransport(player, bar) {
  const { words } = player.data;
  const buttons = (player.buttons = {});
  const add = (name, key, action, look) => (buttons[name] = iconButton(name, words[name], key, action, look));
  player.clockShown = make("output", { className: "clock" });
  buttons.speed = speedChoice(player);
  bar.setAttribute("aria-label", words.title);
  bar.replaceChildren(
    make("span", { className: "group main" }, add("play", "K", () => player.toggle()), add("frame_back", "←", () => player.step(-1)), add("frame_on", "→", () => player.step(1))),
    player.clockShown,
    make("span", { className: "group" }, buttons.speed),
    make("span", { className: "group" }, add("rep_back", "↑", () => player.nextRep(-1)), add("rep_on", "↓", () => player.nextRep(1)), add("fault_back", "Shift+F", () => player.nextFault(-1)), add("fault_on", "F", () => player.nextFault(1))),
    make("span", { className: "group" }, add("loop_rep", "R", () => player.loopRep(), "loop"), wordButton("loop_in", "[", () => player.loopEnd(0)), wordButton("loop_out", "]", () => player.loopEnd(1))),
    make("span", { className: "group end" }, add("mute", "S", () => player.mute()), add("full", "W", () => player.full()), add("help", "?", () => player.toggleHelp())),
  );
  for (const name of ["loop_in", "loop_out"]) {
    const button = (buttons[name] = bar.querySelector(`[data-name="${name}"]`));
    button.title = words[name];
    button.setAttribute("aria-label", words[name]);
  }
}

function buildZoom(player, bar) {
  const { words } = player.data;
  const { timeline } = player;
  const views = make("span", { className: "group" });
  player.buttons.hands = wordButton("show_hands", words.show_hands, () => player.toggleShown("hands"), true);
  player.buttons.back = wordButton("show_back", words.show_back, () => player.toggleShown("back"), true);
  player.buttons.mode = wordButton("mode", words.show_chart, () => player.toggleMode());
  views.append(player.buttons.hands, player.buttons.back, player.buttons.mode);
  bar.setAttribute("aria-label", words.timeline);
  bar.replaceChildren(
    views,
    make("span", { className: "group end" },
      iconButton("zoom_out", words.zoom_out, "-", () => timeline.zoom(1.6)),
      iconButton("zoom_in", words.zoom_in, "+", () => timeline.zoom(1 / 1.6)),
      wordButton("zoom_all", words.zoom_all, () => timeline.show(0, timeline.duration))),
  );
}

// Tools for drawing and for boundaries; the bar is there only where one of them is.
function buildTools(player, bar) {
  const { words, drawing, correcting } = player.data;
  bar.hidden = !drawing && !correcting;
  bar.setAttribute("aria-label", words.draw);
  const children = [];
  if (drawing) {
    const tools = ["line", "arrow", "ring"].map((tool) => wordButton(`draw_${tool}`, words[`draw_${tool}`], () => player.choose(tool), player.tool === tool));
    const drawn = player.stages[0].pen.drawn.length > 0;
    const clear = wordButton("draw_clear", words.draw_clear, () => player.clearMarks());
    clear.disabled = !drawn;
    const comment = wordButton("comment", `${words.comment} (M)`, () => player.comment());
    comment.classList.add("first");
    children.push(make("span", { className: "group" }, ...tools, clear, comment));
  }
  if (correcting) children.push(boundaryTools(player, words));
  if (player.edit) children.push(make("small", {}, words.boundaries_hint));
  else if (player.tool) children.push(make("small", {}, words.draw_hint));
  bar.replaceChildren(...children);
}

function boundaryTools(player, words) {
  const { edit, boundaries } = player;
  const rep = edit?.rep ?? player.repNow();
  const toggle = wordButton("boundaries", fill(words.boundaries, { rep: rep?.index ?? "" }), () => player.toggleEdit(), Boolean(edit));
  toggle.disabled = !rep;
  const save = wordButton("boundaries_save", words.boundaries_save, () => { boundaries.save(); player.showTools(); });
  const undo = wordButton("boundaries_undo", words.boundaries_undo, () => { boundaries.begin(edit.rep); player.showTools(); });
  save.disabled = undo.disabled = !boundaries.changed;
  return make("span", { className: "group" }, toggle, ...(edit ? [save, undo] : []));
}
