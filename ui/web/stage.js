// Count, line and breath beside the picture. Elements stay and only their words change, so that
// a screen reader hears the line once, and the breath's shape moves without a jump.
const SMALL = 0.45;

function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function breathe(shape, breath, memory) {
  const turn = breath ? `${breath.phase}` : "";
  if (turn === memory.turn) return;
  memory.turn = turn;
  if (!breath) return;
  const from = SMALL + (1 - SMALL) * breath.swell;
  shape.style.transitionDuration = "0s";
  shape.style.transform = `scale(${from})`;
  void shape.offsetWidth; // begin where the breath stands, then move
  shape.style.transitionTimingFunction = "ease-in-out";
  shape.style.transitionDuration = `${breath.left_s}s`;
  shape.style.transform = `scale(${breath.phase === "in" ? 1 : SMALL})`;
}

export default function ({ data, parentElement }) {
  const find = (selector) => parentElement.querySelector(selector);
  const memory = (parentElement.__stage ??= { turn: "", figure: null });
  const stage = find(".stage");
  Object.assign(stage.dataset, { stage: data.stage, slot: data.slot });
  const line = find(".line");
  line.dataset.kind = data.line_kind;
  put(line, data.line);
  put(find(".note"), data.note);
  put(find(".number"), data.count);
  put(find(".of"), data.of);
  put(find(".breath b"), data.breath_word);
  put(find(".left"), data.left);
  breathe(find(".breath i"), data.breath, memory);
  const word = find(".word");
  put(word, data.word);
  word.style.setProperty("--phase", data.word_colour);
  if (memory.figure !== data.figure) {
    memory.figure = data.figure;
    find(".figure").innerHTML = data.figure;
  }
}
