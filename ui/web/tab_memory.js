// Remembers the tab's secret over a reload. Draws nothing.
const NAME = "tstroke.tab";
const RETRY_MS = 1500;

function recall() {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch {
    return ""; // Storage is switched off: then a reload begins anew.
  }
}

function remember(secret) {
  try {
    sessionStorage.setItem(NAME, secret);
  } catch {
    return;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  if (data.settled) {
    remember(data.secret);
    return;
  }
  if (parentElement.__asked === data.attempt) return;
  parentElement.__asked = data.attempt;
  const tell = () => setStateValue("stored", { secret: recall(), attempt: data.attempt });
  // The page that is left may still seem open for a moment, so the first answer can be too early.
  setTimeout(tell, data.attempt ? RETRY_MS : 0);
}
