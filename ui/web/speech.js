// Says what Python numbers: words by the browser's voice, sounds by WebAudio. Nothing is said twice,
// nothing is said late, and a machine without a voice gets tones instead. Draws nothing.
const LATE_MS = 4000; // what has waited longer than this is no help any more
const NO_START_MS = 2500; // a voice that has not begun by then never will
const VOICES_MS = 2500; // browsers bring their voices later than the page
const AFTER_CANCEL_MS = 60; // Chromium drops what is spoken right after a cancel
const MS_A_SIGN = 120; // the slowest reading of a sign: some voices never say that they ended
const HEARD = "tstroke-heard";

// Each note: frequency in Hz, begin and length in s, loudness, and where it glides to.
const TONES = {
  task: [[440, 0, 0.22, 0.2]],
  notice: [[349, 0, 0.3, 0.2]],
  count: [[659, 0, 0.25, 0.25]],
  cue: [[392, 0, 0.16, 0.25], [330, 0.2, 0.28, 0.25]],
  urgent: [[294, 0, 0.12, 0.3], [294, 0.18, 0.12, 0.3], [294, 0.36, 0.2, 0.3]],
  ring: [[523, 0, 0.14, 0.2], [784, 0.13, 0.3, 0.2]],
  breath_in: [[165, 0, 1.6, 0.12, 220]],
  breath_out: [[220, 0, 1.6, 0.12, 165]],
  pace: [[880, 0, 0.06, 0.12]],
  done: [[523, 0, 0.18, 0.2], [659, 0.17, 0.18, 0.2], [784, 0.34, 0.45, 0.2]],
};

function remembered() {
  try { return JSON.parse(sessionStorage.getItem(HEARD)) ?? {}; } catch { return {}; }
}

function remember(heard) {
  try { sessionStorage.setItem(HEARD, JSON.stringify(heard)); } catch { /* a private window: then only until the reload */ }
}

// Only voices that live on this machine: others send the words to somebody's server.
function ownVoices() {
  const all = window.speechSynthesis?.getVoices() ?? [];
  return all.filter((voice) => voice.localService !== false);
}

const speaks = (voice, language) => voice.lang.replace("_", "-").toLowerCase().split("-")[0] === language;

function voiceFor({ voice, language }) {
  const fit = ownVoices().filter((each) => speaks(each, language));
  return fit.find((each) => each.name === voice) ?? fit.find((each) => each.default) ?? fit[0] ?? null;
}

function audio(memory) {
  const Audio = window.AudioContext ?? window.webkitAudioContext;
  if (!memory.audio && Audio) memory.audio = new Audio();
  if (memory.audio?.state === "suspended") memory.audio.resume().catch(() => {});
  return memory.audio;
}

function play(memory, name) {
  const context = audio(memory);
  if (!context || context.state === "closed") return;
  for (const [frequency, begin, length, loudness, glide] of TONES[name] ?? []) {
    const at = context.currentTime + 0.02 + begin;
    const soft = Math.min(0.25 * length, 0.3);
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.setValueAtTime(frequency, at);
    if (glide) tone.frequency.linearRampToValueAtTime(glide, at + length);
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(loudness, at + soft / 4);
    volume.gain.setValueAtTime(loudness, at + length - soft);
    volume.gain.linearRampToValueAtTime(0, at + length);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + length + 0.05);
  }
}

function finish(memory, token) {
  if (memory.speaking?.token !== token) return;
  clearTimeout(memory.speaking.watch);
  memory.speaking = null;
  next(memory);
}

function speak(memory, say) {
  const { settings } = memory;
  const voice = voiceFor(settings);
  if (!voice || memory.mute) { play(memory, say.tone); return; }
  const words = new SpeechSynthesisUtterance(say.words);
  Object.assign(words, { voice, lang: voice.lang, rate: settings.rate });
  const token = {};
  // Held here, because browsers forget an utterance that nobody holds, and with it its events.
  memory.speaking = { token, say, words };
  const gone = () => {
    memory.mute = true; // it lists voices, but none of them speaks
    report(memory);
    window.speechSynthesis.cancel();
    play(memory, say.tone);
    finish(memory, token);
  };
  words.onstart = () => {
    if (memory.speaking?.token !== token) return;
    clearTimeout(memory.speaking.watch);
    memory.speaking.watch = setTimeout(() => finish(memory, token), 1500 + MS_A_SIGN * say.words.length / settings.rate);
  };
  words.onend = () => finish(memory, token);
  words.onerror = ({ error }) => (error === "interrupted" || error === "canceled" ? finish(memory, token) : gone());
  memory.speaking.watch = setTimeout(gone, NO_START_MS);
  window.speechSynthesis.speak(words);
}

function next(memory) {
  if (memory.speaking || memory.pausing) return;
  const fresh = memory.waiting.filter((say) => performance.now() - say.at < LATE_MS);
  const first = fresh.find((say) => say.urgent) ?? fresh[0];
  memory.waiting = fresh.filter((say) => say !== first);
  if (!first) return;
  speak(memory, first);
  if (!memory.speaking) next(memory);
}

function breakOff(memory) {
  if (!memory.speaking) return;
  clearTimeout(memory.speaking.watch);
  memory.speaking = null;
  window.speechSynthesis.cancel();
  memory.pausing = true;
  setTimeout(() => { memory.pausing = false; next(memory); }, AFTER_CANCEL_MS);
}

// A newer task, count or cue takes the place of an older one that still waits; a newer task cuts the
// older one short, and an urgent cue everything.
function take(memory, say) {
  if (memory.settings.sound === "off") return;
  if (!say.words || memory.settings.sound === "tones") { play(memory, say.tone); return; }
  memory.waiting = memory.waiting.filter((each) => each.kind !== say.kind);
  memory.waiting.push({ ...say, at: performance.now() });
  const now = memory.speaking?.say;
  if (now && !now.urgent && (say.urgent || (say.kind === "task" && now.kind === "task"))) breakOff(memory);
  next(memory);
}

function hear(memory, { run, says }) {
  if (memory.heard.run !== run) memory.heard = { run, number: 0 };
  for (const say of says) {
    if (say.number <= memory.heard.number) continue;
    memory.heard.number = say.number;
    take(memory, say);
  }
  remember(memory.heard);
}

function report(memory) {
  const voices = memory.mute ? [] : ownVoices().map(({ name, lang }) => ({ name, lang }));
  const told = JSON.stringify(voices);
  if (memory.told === told) return;
  memory.told = told;
  memory.send("voices", { ready: true, voices });
}

// Browsers are silent until somebody has clicked in the page; the Start button stands in the
// camera's frame, which is of the same origin. Some want the first word within the click itself.
function unlock(memory) {
  audio(memory);
  if (memory.unlocked || !window.speechSynthesis || !ownVoices().length) return;
  memory.unlocked = true;
  const nothing = new SpeechSynthesisUtterance(" ");
  nothing.volume = 0;
  window.speechSynthesis.speak(nothing);
}

function listen(memory, selector) {
  for (const place of [document, document.querySelector(selector)?.contentDocument]) {
    if (!place || memory.places.has(place)) continue;
    memory.places.add(place);
    place.addEventListener("pointerup", () => unlock(memory), true);
    place.addEventListener("keyup", () => unlock(memory), true);
  }
}

function begin(parent) {
  const memory = { heard: remembered(), waiting: [], speaking: null, places: new WeakSet(), told: null, begun: performance.now() };
  window.speechSynthesis?.addEventListener?.("voiceschanged", () => report(memory));
  parent.__speech = memory;
  return memory;
}

function tend(memory) {
  listen(memory, memory.frame);
  if (ownVoices().length || performance.now() - memory.begun > VOICES_MS) report(memory);
}

export default function ({ data, parentElement, setStateValue }) {
  const memory = parentElement.__speech ?? begin(parentElement);
  memory.send = setStateValue;
  const changed = memory.settings && memory.settings.sound !== data.settings.sound;
  memory.settings = data.settings;
  memory.frame = data.frame;
  if (changed) {
    memory.waiting = [];
    memory.mute = false;
    breakOff(memory);
  }
  tend(memory);
  hear(memory, data);
  const timer = setInterval(() => tend(memory), 1000);
  return () => clearInterval(timer);
}
