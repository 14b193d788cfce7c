// A webcam that shows what it is told: pictures of a clip, from one to another, once or to and fro.
// They come in one piece, as JPEG pictures of the lengths LENGTHS; the page's `film` says which ones
// are shown, and since when. They have a sensor's grain, so that a still scene is no broken camera;
// with `broken` the camera shows what it has, without any: "freezes" the last picture, "repeats" a few
// pictures over and over, "blocks" gives none.
(() => {
  const HZ = __HZ__;
  const LENGTHS = __LENGTHS__;
  const media = navigator.mediaDevices;
  if (!media) return;
  if (top === window) window.film = { from: 0, to: 0, since: Date.now(), turns: false, slower: 1 };

  function grain() {
    const tile = document.createElement("canvas");
    Object.assign(tile, { width: 700, height: 520 });
    const brush = tile.getContext("2d");
    const image = brush.createImageData(tile.width, tile.height);
    image.data.forEach((_, at) => (image.data[at] = at % 4 === 3 ? 6 : Math.random() * 256));
    brush.putImageData(image, 0, 0);
    return tile;
  }

  const anywhere = (most) => -Math.floor(Math.random() * most);

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
    const dust = grain();
    let drawing = false;
    let shown = 0;
    setInterval(async () => {
      const { broken } = top.film;
      if (drawing || broken === "blocks") return;
      drawing = true;
      if (!broken) shown = number(top.film);
      const again = broken === "repeats" ? Math.floor(Date.now() / 100) % 3 : 0;
      const picture = await createImageBitmap(all[Math.max(0, shown - again)]);
      brush.drawImage(picture, 0, 0);
      if (!broken) brush.drawImage(dust, anywhere(60), anywhere(40));
      picture.close();
      drawing = false;
    }, 1000 / HZ);
    return canvas.captureStream(HZ);
  };
})();
