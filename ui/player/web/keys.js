// The keyboard, as in video editors, while something in the player has the focus.
function keyAction(player, event) {
  const { key, shiftKey } = event;
  const letter = key.length === 1 ? key.toLowerCase() : key;
  const actions = {
    " ": () => player.toggle(),
    k: () => player.toggle(),
    j: () => player.seek(player.clock.aim - 5),
    l: () => player.seek(player.clock.aim + 5),
    ArrowLeft: () => (shiftKey ? player.seek(player.clock.aim - 1) : player.step(-1)),
    ArrowRight: () => (shiftKey ? player.seek(player.clock.aim + 1) : player.step(1)),
    ArrowUp: () => player.nextRep(-1),
    ArrowDown: () => player.nextRep(1),
    f: () => player.nextFault(shiftKey ? -1 : 1),
    "[": () => player.loopEnd(0),
    "]": () => player.loopEnd(1),
    r: () => player.loopRep(),
    Home: () => player.seek(0),
    End: () => player.seek(player.clock.duration),
    m: () => player.data.drawing && player.comment(),
    s: () => player.mute(),
    w: () => player.full(),
    "+": () => player.timeline.zoom(1 / 1.6),
    "=": () => player.timeline.zoom(1 / 1.6),
    "-": () => player.timeline.zoom(1.6),
    "?": () => player.toggleHelp(),
    Escape: () => player.escape(),
  };
  return actions[letter];
}

function watchKeys(player, element) {
  element.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (target.matches("select, input, textarea") || (target.matches("button") && [" ", "Enter"].includes(event.key))) return;
    const action = keyAction(player, event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation(); // the page has keys of its own
    action();
  };
}

function buildHelp(player, element) {
  const { words } = player.data;
  const rows = [
    ["K, Space", `${words.play} / ${words.pause}`],
    ["J, L", fill(words.help_seconds, { seconds: 5 })],
    ["← →", `${words.frame_back} / ${words.frame_on}`],
    ["Shift + ← →", fill(words.help_seconds, { seconds: 1 })],
    ["↑ ↓", `${words.rep_back} / ${words.rep_on}`],
    ["F, Shift + F", `${words.fault_on} / ${words.fault_back}`],
    ["[ ]", `${words.loop_in} / ${words.loop_out}`],
    ["R", words.loop_rep],
    ["Home, End", words.help_ends],
    ...(player.data.drawing ? [["M", words.comment]] : []),
    ["S", words.mute],
    ["W", words.full],
    ["+ −", `${words.zoom_in} / ${words.zoom_out}`],
  ];
  const list = make("dl");
  for (const [keys, what] of rows) list.append(make("dt", {}, keys), make("dd", {}, what));
  const close = wordButton("help_close", words.help_close, () => player.toggleHelp());
  element.setAttribute("aria-label", words.help);
  element.replaceChildren(make("h4", {}, words.help), list, make("p", {}, words.help_timeline), close);
}
