// Keeps the browser's secret, and who sits before it, over reloads and tabs. Draws nothing.
const NAME = "tstroke.browser";

function recall() {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "{}");
  } catch {
    return {}; // Storage is switched off, or holds something else: a reload begins anew.
  }
}

function remember(known) {
  try {
    localStorage.setItem(NAME, JSON.stringify(known));
  } catch {
    return;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  if (data.settled) {
    remember({ secret: data.secret, people: data.people });
    return;
  }
  if (parentElement.__asked) return;
  parentElement.__asked = true;
  setStateValue("known", recall());
}
