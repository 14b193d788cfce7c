// A webcam that shows what it is told: pictures of a clip, from one to another, once or to and fro.
// The pictures are asked for under PICTURES; the page's `film` says which ones, and since when.
(() => {
  const PICTURES = "/__picture__/";
  const HZ = __HZ__;
  const media = navigator.mediaDevices;
  if (!media) return;
  if (top === window) window.film = { from: 0, to: 0, since: Date.now(), turns: false, slower: 1 };

  function number({ from, to, since, turns, slower }) {
    const gone = Math.floor(((Date.now() - since) / 1000 / slower) * HZ);
    const length = to - from;
    if (!turns) return from + Math.min(gone, length);
    const within = length ? gone % (2 * length) : 0;
    return from + (within <= length ? within : 2 * length - within);
  }

  media.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 640, height: 480 });
    const brush = canvas.getContext("2d");
    const stream = canvas.captureStream(HZ);
    let drawing = false;
    setInterval(async () => {
      if (drawing) return;
      drawing = true;
      const answer = await fetch(`${PICTURES}${number(top.film)}`);
      brush.drawImage(await createImageBitmap(await answer.blob()), 0, 0);
      drawing = false;
    }, 1000 / HZ);
    return stream;
  };
})();
