// A webcam that shows what it is told: pictures of a clip, from one to another, once or to and fro.
// They come in one piece, as JPEG pictures of the lengths LENGTHS; the page's `film` says which ones
// are shown, and since when.
(() => {
  const HZ = __HZ__;
  const LENGTHS = __LENGTHS__;
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

  async function pictures() {
    const whole = await (await fetch("/__film__")).blob();
    let end = 0;
    return LENGTHS.map((length) => whole.slice(end, (end += length), "image/jpeg"));
  }

  media.getUserMedia = async () => {
    const all = await pictures();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 640, height: 480 });
    const brush = canvas.getContext("2d");
    let drawing = false;
    setInterval(async () => {
      if (drawing) return;
      drawing = true;
      const picture = await createImageBitmap(all[number(top.film)]);
      brush.drawImage(picture, 0, 0);
      picture.close();
      drawing = false;
    }, 1000 / HZ);
    return canvas.captureStream(HZ);
  };
})();
