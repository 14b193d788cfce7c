// Whether the camera still sends new pictures: looked at before they are packed for the way, for the
// packing takes the grain of a still scene away, and then it looks like a camera that stands still.
// No sensor gives the same picture twice to the last bit; a frozen camera does nothing else.
const STILL_MS = 2000; // without a new picture; with a look's interval and the page's it is under 3 s
const KNOWN = 20; // pictures that are remembered, so that a few that come over and over are not new
const LOOKS = 5; // so many looks at least: a page that was held up itself has seen nothing

// A number for a picture, another one where a single pixel differs.
function fingerprint(pixels) {
  let mixed = 0x811c9dc5;
  for (let at = 0; at < pixels.length; at += 1) mixed = Math.imul(mixed ^ pixels[at], 0x01000193);
  return mixed >>> 0;
}

function freshMemory() {
  return { known: [], looks: 0, newAt: null };
}

// True while nothing new has come for too long.
function standsStill(memory, print, now) {
  memory.looks += 1;
  if (memory.newAt === null || !memory.known.includes(print)) {
    memory.known = [print, ...memory.known].slice(0, KNOWN);
    memory.looks = 0;
    memory.newAt = now;
  }
  return memory.looks >= LOOKS && now - memory.newAt > STILL_MS;
}

// Shows a camera's stream to nobody, and looks at its pictures.
class CameraPictures {
  constructor(stream) {
    this.memory = freshMemory();
    this.track = stream.getVideoTracks()[0];
    this.video = Object.assign(document.createElement("video"), { muted: true, srcObject: stream });
    this.video.play().catch(() => {});
    this.brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  }

  // Browsers give no pictures to what nobody sees, so a page in the background tells nothing.
  stand(now) {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (this.track?.readyState !== "live" || !width || document.visibilityState !== "visible") {
      this.memory = freshMemory();
      return false;
    }
    const { canvas } = this.brush;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    this.brush.drawImage(this.video, 0, 0);
    const { data } = this.brush.getImageData(0, 0, width, height);
    return standsStill(this.memory, fingerprint(new Uint32Array(data.buffer)), now);
  }

  close() {
    this.video.srcObject = null;
  }
}

// Notes each camera that the frame with the camera asks the browser for.
function noteCamera(view, note) {
  const media = view?.navigator?.mediaDevices;
  if (!media?.getUserMedia || media.getUserMedia.__noted) return;
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (wish) => {
    const stream = await ask(wish);
    note(stream);
    return stream;
  };
  media.getUserMedia.__noted = true;
}
