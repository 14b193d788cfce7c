// Named points on a still picture, by mouse, touch or keyboard. The points live here while they
// are moved; Python hears of each finished change, with the number of the picture it belongs to.
const LINES = [["nape", "waist"], ["left_shoulder", "right_shoulder"], ["left_waist", "right_waist"]];
const SVG = "http://www.w3.org/2000/svg";

const clamp = (value, most) => Math.min(Math.max(value, 0), most);
const tenth = (value) => Math.round(value * 10) / 10;

function nextUnset(memory) {
  const unset = memory.data.names.filter((each) => !memory.points[each.id]);
  return (unset.find((each) => each.required) ?? unset[0])?.id ?? null;
}

function tell(memory) {
  memory.send("points", { picture: memory.data.picture, points: { ...memory.points } });
}

function place(memory, id, x, y, finished) {
  const [width, height] = memory.data.size;
  memory.points[id] = [tenth(clamp(x, width)), tenth(clamp(y, height))];
  if (finished) tell(memory);
}

function toPicture(memory, event) {
  const box = memory.stage.getBoundingClientRect();
  const [width, height] = memory.data.size;
  return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
}

function drawPrompt(memory) {
  const words = memory.data.words;
  const named = memory.data.names.find((each) => each.id === memory.active);
  let text = words.done;
  if (named && !memory.points[named.id]) {
    text = (named.required ? words.prompt : words.prompt_optional).replace("{point}", named.label);
  }
  if (memory.prompt.textContent !== text) memory.prompt.textContent = text;
}

function drawLines(memory) {
  const [width, height] = memory.data.size;
  memory.lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
  memory.lines.replaceChildren();
  for (const [from, to] of LINES) {
    const [a, b] = [memory.points[from], memory.points[to]];
    if (!a || !b) continue;
    const line = document.createElementNS(SVG, "line");
    for (const [name, value] of [["x1", a[0]], ["y1", a[1]], ["x2", b[0]], ["y2", b[1]]]) line.setAttribute(name, value);
    memory.lines.append(line);
  }
}

function drawHandles(memory) {
  const [width, height] = memory.data.size;
  for (const { id, label } of memory.data.names) {
    const point = memory.points[id];
    let handle = memory.made[id];
    if (!point) { handle?.remove(); delete memory.made[id]; continue; }
    if (!handle) handle = memory.made[id] = makeHandle(memory, id, label);
    handle.style.left = `${(point[0] / width) * 100}%`;
    handle.style.top = `${(point[1] / height) * 100}%`;
    handle.classList.toggle("flip", id.startsWith("left") || point[0] > width * 0.7);
    handle.setAttribute("aria-label", `${label}, ${Math.round(point[0])}, ${Math.round(point[1])}`);
  }
}

function drawList(memory) {
  const words = memory.data.words;
  memory.list.replaceChildren();
  for (const { id, label, required } of memory.data.names) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.point = id;
    button.setAttribute("aria-pressed", String(id === memory.active));
    const note = document.createElement("small");
    const point = memory.points[id];
    note.textContent = point ? `${Math.round(point[0])}, ${Math.round(point[1])}` : required ? words.not_set : words.optional;
    button.append(label, note);
    button.onclick = () => { memory.active = id; draw(memory); focusList(memory); };
    button.onkeydown = (event) => onKey(memory, id, event, () => focusList(memory));
    memory.list.append(button);
  }
  const clear = document.createElement("button");
  clear.type = "button";
  clear.textContent = words.clear;
  clear.onclick = () => { memory.points = {}; memory.active = nextUnset(memory); draw(memory); tell(memory); };
  memory.list.append(clear);
}

function focusList(memory) {
  memory.list.querySelector(`[data-point="${memory.active}"]`)?.focus();
}

function onKey(memory, id, event, after) {
  const step = event.shiftKey ? 10 : 1;
  const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
  if (!move) return;
  event.preventDefault();
  const [width, height] = memory.data.size;
  const [x, y] = memory.points[id] ?? [width / 2, height / 2];
  memory.active = id;
  place(memory, id, x + move[0], y + move[1], false);
  draw(memory);
  after();
  clearTimeout(memory.keyTimer); // one message for a run of key presses
  memory.keyTimer = setTimeout(() => tell(memory), 400);
}

function makeHandle(memory, id, label) {
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "handle";
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = label;
  handle.append(name);
  handle.onpointerdown = (event) => {
    event.preventDefault();
    event.stopPropagation();
    handle.setPointerCapture(event.pointerId);
    memory.active = id;
    memory.dragged = false;
  };
  handle.onpointermove = (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    memory.dragged = true;
    place(memory, id, ...toPicture(memory, event), false);
    drawLines(memory);
    drawHandles(memory);
  };
  handle.onpointerup = (event) => {
    handle.releasePointerCapture(event.pointerId);
    if (memory.dragged) tell(memory);
    memory.active = nextUnset(memory) ?? id;
    draw(memory);
  };
  handle.onclick = (event) => event.stopPropagation();
  handle.onkeydown = (event) => onKey(memory, id, event, () => {});
  memory.handles.append(handle);
  return handle;
}

function draw(memory) {
  drawPrompt(memory);
  drawLines(memory);
  drawHandles(memory);
  drawList(memory);
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const find = (selector) => parentElement.querySelector(selector);
  const memory = (parentElement.__picker ??= { picture: null });
  memory.send = setStateValue;
  memory.data = data;
  if (memory.picture === data.picture) return; // a rerun brings old points: those here are newer
  Object.assign(memory, {
    picture: data.picture, points: { ...data.points }, made: {},
    prompt: find(".prompt"), stage: find(".stage"), lines: find(".lines"), handles: find(".handles"), list: find(".list"),
  });
  memory.handles.replaceChildren();
  memory.active = nextUnset(memory);
  find("img").src = data.image;
  find("img").alt = data.words.alt;
  find(".help").textContent = data.words.help;
  memory.stage.onclick = (event) => {
    const id = memory.active && !memory.points[memory.active] ? memory.active : nextUnset(memory) ?? memory.active;
    if (!id) return;
    place(memory, id, ...toPicture(memory, event), true);
    memory.active = nextUnset(memory) ?? id;
    draw(memory);
  };
  draw(memory);
}
