// Sends recordings to the server one after another, straight to its disk. The page hears of each one
// that has come; one that breaks off leaves nothing behind, and can be sent again.
const SLOW_START_S = 1;

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

function duration(words, seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return fill(words.seconds, { value: whole });
  return fill(words.minutes, { minutes: Math.floor(whole / 60), seconds: String(whole % 60).padStart(2, "0") });
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function makeRow(memory, file) {
  const row = { file, item: document.createElement("li") };
  row.name = element("span", "name", file.name);
  row.bar = element("progress", "");
  row.how = element("span", "how", memory.data.words.begins);
  row.button = element("button", "", memory.data.words.cancel);
  row.button.type = "button";
  row.button.addEventListener("click", () => stop(memory, row));
  row.item.append(row.name, row.button, row.bar, row.how);
  memory.list.append(row.item);
  return row;
}

function stop(memory, row) {
  memory.waiting = memory.waiting.filter((each) => each !== row);
  row.item.remove();
  row.request?.abort();
}

function fail(memory, row, problem) {
  row.how.textContent = memory.data.words[problem] ?? memory.data.words.broken;
  row.how.classList.add("wrong");
  row.how.setAttribute("role", "alert");
  row.bar.remove();
  row.button.textContent = memory.data.words.dismiss;
}

function showProgress(memory, row, event) {
  if (!event.lengthComputable) return;
  const share = event.loaded / event.total;
  row.bar.value = share;
  const took = (performance.now() - row.begun) / 1000;
  if (took < SLOW_START_S || !share) return;
  const left = duration(memory.data.words, (took * (1 - share)) / share);
  row.how.textContent = fill(memory.data.words.sending, { share: `${Math.round(100 * share)} %`, left });
}

function problemOf(request) {
  try {
    return JSON.parse(request.responseText).problem;
  } catch {
    return "broken";
  }
}

function sendNext(memory) {
  const row = memory.waiting.shift();
  memory.sending = row ?? null;
  if (!row) return;
  const request = (row.request = new XMLHttpRequest());
  const goOn = () => sendNext(memory);
  row.begun = performance.now();
  const query = new URLSearchParams({ name: row.file.name, made: String(row.file.lastModified) });
  request.open("PUT", `${memory.data.address}?${query}`);
  request.setRequestHeader(memory.data.header, memory.data.browser);
  request.upload.addEventListener("progress", (event) => showProgress(memory, row, event));
  request.addEventListener("load", () => {
    if (request.status === 201) {
      row.item.remove();
      memory.received.push(JSON.parse(request.responseText).id);
      memory.send("received", [...memory.received]);
    } else fail(memory, row, problemOf(request));
    goOn();
  });
  request.addEventListener("error", () => { fail(memory, row, "broken"); goOn(); });
  request.addEventListener("abort", goOn);
  request.send(row.file);
}

function take(memory, files) {
  const types = memory.data.types.split(",");
  for (const file of files) {
    const row = makeRow(memory, file);
    if (types.some((type) => file.name.toLowerCase().endsWith(type))) memory.waiting.push(row);
    else fail(memory, row, "kind");
  }
  if (!memory.sending) sendNext(memory);
}

function start(root) {
  const memory = { waiting: [], received: [], sending: null, list: root.querySelector(".sent") };
  const drop = root.querySelector(".drop");
  const input = root.querySelector("input");
  input.addEventListener("change", () => { take(memory, [...input.files]); input.value = ""; });
  const over = (event) => { event.preventDefault(); drop.classList.toggle("over", event.type === "dragover"); };
  for (const name of ["dragover", "dragleave", "drop"]) drop.addEventListener(name, over);
  drop.addEventListener("drop", (event) => take(memory, [...event.dataTransfer.files]));
  // A page that goes away takes the file with it: the browser asks first.
  window.addEventListener("beforeunload", (event) => { if (memory.sending) event.preventDefault(); });
  return memory;
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".upload");
  const memory = (root.__memory ??= start(root));
  memory.data = data;
  memory.send = setStateValue;
  root.querySelector("input").accept = data.types;
  root.querySelector(".choose span").textContent = data.words.choose;
  root.querySelector(".words").textContent = data.words.drop;
  root.querySelector(".help").textContent = data.words.help;
}
