// Stands in for the browser's voice: says everything at once, and keeps a list of it.
(() => {
  const said = (window.said = []);
  const open = new Set();
  window.SpeechSynthesisUtterance = class {
    constructor(text) { Object.assign(this, { text, volume: 1, rate: 1 }); }
  };
  const voices = [{ name: "Stub", lang: "en-GB", localService: true, default: true }];
  const speak = (words) => {
    if (words.volume) said.push(words.text);
    open.add(words);
    setTimeout(() => open.has(words) && words.onstart?.({}), 1);
    setTimeout(() => open.delete(words) && words.onend?.({}), 100);
  };
  const cancel = () => {
    for (const words of [...open]) { open.delete(words); words.onerror?.({ error: "interrupted" }); }
  };
  const stub = { getVoices: () => voices, addEventListener() {}, speak, cancel };
  Object.defineProperty(window, "speechSynthesis", { value: stub });
})();
