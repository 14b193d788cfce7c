// Tells Python what it cannot see: why the browser gives no camera, or none any more. Draws nothing.
const SLOW_MS = 4500;
const SILENT_MS = 3500;
const POLL_MS = 250;

function standing() {
  if (!window.isSecureContext) return "insecure";
  if (!window.RTCPeerConnection) return "no_webrtc";
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return "insecure";
  return null;
}

function fromAlert(words) {
  if (/NotAllowed|Permission|SecurityError/i.test(words)) return "refused";
  if (/NotFound|DevicesNotFound|Overconstrained/i.test(words)) return "absent";
  if (/NotReadable|TrackStart|AbortError|in use/i.test(words)) return "taken";
  if (/not loaded securely|mediaDevices is undefined/i.test(words)) return "insecure";
  return null;
}

// The frame with the camera has a style of its own; this brings it nearer to the page's. Its own
// words on what went wrong are a programmer's: the page says it better.
function dress(inside, { selectors }, font) {
  if (inside.getElementById("tstroke-dress")) return;
  const style = inside.createElement("style");
  style.id = "tstroke-dress";
  style.textContent = `button { text-transform: none !important; letter-spacing: 0 !important;
    font: 400 16px/24.5px ${font} !important; border-radius: 8px !important; box-shadow: none !important; }
    button:focus-visible { outline: 3px solid currentColor !important; outline-offset: -5px !important; }
    ${selectors.alert} { display: none !important; }`;
  inside.head.append(style);
}

// Browsers show no new pictures of what nobody sees, so only a video in sight can be too still.
function inSight(frame) {
  const box = frame.getBoundingClientRect();
  const within = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
  return document.visibilityState === "visible" && within && box.width > 0 && box.height > 0;
}

function pictures(video) {
  return video.getVideoPlaybackQuality?.().totalVideoFrames ?? video.currentTime;
}

// True when a video that had pictures has had no new one for a while.
function isSilent(memory, frame, video) {
  const now = Date.now();
  const count = video && video.readyState >= 2 ? pictures(video) : null;
  if (count === null || count !== memory.count || !inSight(frame)) {
    memory.count = count;
    memory.changed = now;
  }
  return count !== null && now - memory.changed > SILENT_MS;
}

function look(memory, data) {
  const frame = document.querySelector(data.selectors.frame);
  const inside = frame?.contentDocument;
  if (inside?.head) dress(inside, data, getComputedStyle(document.body).fontFamily);
  const before = standing();
  if (before) return [before, ""];
  if (!inside?.head) return ["", ""];
  const alert = inside.querySelector(data.selectors.alert);
  const video = inside.querySelector("video");
  const busy = inside.querySelector(data.selectors.busy) || (video && video.readyState < 2);
  memory.busySince = busy ? (memory.busySince ?? Date.now()) : null;
  if (memory.busySince !== null && Date.now() - memory.busySince > SLOW_MS) return ["slow", ""];
  const silent = isSilent(memory, frame, video);
  if (goOn(memory, data, inside, silent, busy || video)) return ["", ""];
  if (video && memory.camera?.stand(Date.now())) return ["still", ""];
  if (silent) return ["silent", ""];
  if (alert && !busy && !video) {
    const words = alert.textContent.trim();
    return [fromAlert(words) ?? "other", words];
  }
  restart(memory, data, inside, busy || video);
  return ["", ""];
}

// A camera that was pulled out and is back goes on by itself, for the hands are oily: what still
// stands of the old connection is stopped, and a new one started.
function goOn(memory, data, inside, silent, begun) {
  if (!data.under_way || !memory.back || !(silent || memory.stopping)) return false;
  const button = inside.querySelector(data.selectors.start);
  if (!button || button.disabled) return memory.stopping;
  if (begun && memory.stopping) return true;
  memory.stopping = Boolean(begun);
  memory.back = memory.stopping;
  button.click();
  return true;
}

// Notes when there are more cameras than before.
async function countCameras(memory) {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  const cameras = devices.filter(({ kind }) => kind === "videoinput").length;
  if (cameras > (memory.cameras ?? cameras)) memory.back = true;
  memory.cameras = cameras;
}

// After a reload the camera goes on without a click, where the browser still allows it.
function restart(memory, data, inside, begun) {
  if (!data.restart || memory.restarted || begun) return;
  const button = inside.querySelector(data.selectors.start);
  if (!button || button.disabled) return;
  memory.restarted = true;
  button.click();
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const memory = (parentElement.__watch ??= {
    told: "", busySince: null, count: null, changed: 0, back: false, stopping: false, camera: null,
  });

  const note = (stream) => {
    memory.camera?.close();
    memory.camera = new CameraPictures(stream);
  };

  const tell = () => {
    noteCamera(document.querySelector(data.selectors.frame)?.contentWindow, note);
    const [code, detail] = look(memory, data);
    if (code === memory.told) return;
    memory.told = code;
    setStateValue("trouble", { code, detail });
  };

  const count = () => countCameras(memory).catch(() => {}); // what can't be counted can't be back
  const timer = setInterval(tell, POLL_MS);
  navigator.mediaDevices?.addEventListener("devicechange", count);
  count();
  tell();
  return () => {
    clearInterval(timer);
    navigator.mediaDevices?.removeEventListener("devicechange", count);
  };
}
