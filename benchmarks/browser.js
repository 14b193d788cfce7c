// Reads the time code of the film in two places, and notes when which picture was there: as the
// camera gave it, and as the page shows it after the coach has drawn on it. Also notes when a cue
// is spoken and when it stands on the screen. All times are ms since 1970, of this machine.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const seen = (top.__seen ??= { given: [], shown: [], spoken: [], lines: [] });
  const { bits, block } = __CODE__;
  const canvas = new OffscreenCanvas(block * (bits + 2), block);
  const brush = canvas.getContext("2d", { willReadFrequently: true });

  // White, black, then the bits of the picture's number; null where that is not what is seen.
  function read(picture, width) {
    const scale = width / 640;
    brush.drawImage(picture, 0, 0, canvas.width * scale, block * scale, 0, 0, canvas.width, block);
    const { data } = brush.getImageData(0, block / 2, canvas.width, 1);
    const bright = (place) => data[4 * (block * place + block / 2)] > 128;
    if (!bright(0) || bright(1)) return null;
    let number = 0;
    for (let bit = 0; bit < bits; bit += 1) number = 2 * number + Number(bright(bit + 2));
    return number;
  }

  function note(list, number, at) {
    if (number !== null && list.at(-1)?.[0] !== number) list.push([number, at]);
  }

  async function watchCamera(track) {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const at = now();
      note(seen.given, read(value, value.displayWidth), at);
      value.close();
    }
  }

  const media = navigator.mediaDevices;
  const ask = media?.getUserMedia?.bind(media);
  if (ask) {
    media.getUserMedia = async (wish) => {
      const stream = await ask(wish);
      watchCamera(stream.getVideoTracks()[0].clone());
      return stream;
    };
  }

  const watched = new WeakSet();
  function watchVideo(video) {
    watched.add(video);
    const look = (_, { width }) => {
      note(seen.shown, read(video, width), now());
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  }

  function find(root, selector) {
    const here = root.querySelector(selector);
    if (here) return here;
    for (const each of root.querySelectorAll("*")) {
      const within = each.shadowRoot && find(each.shadowRoot, selector);
      if (within) return within;
    }
    return null;
  }

  let line = null;
  setInterval(() => {
    const video = document.querySelector("video");
    if (video && !watched.has(video)) watchVideo(video);
    if (top !== window) return;
    if (!line?.isConnected) line = find(document, "[data-testid=line]");
  }, 200);
  setInterval(() => {
    const words = line?.textContent;
    if (words && seen.lines.at(-1)?.[0] !== words) seen.lines.push([words, now()]);
  }, 10);

  if (top === window) {
    window.SpeechSynthesisUtterance = class {
      constructor(text) { Object.assign(this, { text, volume: 1, rate: 1 }); }
    };
    const speak = (words) => {
      if (words.volume) seen.spoken.push([words.text, now()]);
      setTimeout(() => words.onstart?.({}), 1);
      setTimeout(() => words.onend?.({}), 300 + 60 * words.text.length); // as long as a voice takes
    };
    const voices = [{ name: "Stub", lang: "en-GB", localService: true, default: true }];
    const stub = { getVoices: () => voices, addEventListener() {}, speak, cancel() {} };
    Object.defineProperty(window, "speechSynthesis", { value: stub });
  }
})();
