// Tells Python what it cannot see: why the browser gave no camera. Draws nothing.
const SLOW_MS = 5000;
const POLL_MS = 500;

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

// The frame with the camera has a style of its own; this brings it nearer to the page's.
function dress(inside, font) {
  if (inside.getElementById("tstroke-dress")) return;
  const style = inside.createElement("style");
  style.id = "tstroke-dress";
  style.textContent = `button { text-transform: none !important; letter-spacing: 0 !important;
    font: 400 16px/24.5px ${font} !important; border-radius: 8px !important; box-shadow: none !important; }`;
  inside.head.append(style);
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const memory = (parentElement.__watch ??= { told: data.trouble ?? "", busySince: null });

  const look = () => {
    let trouble = standing();
    let detail = "";
    const inside = document.querySelector(data.selectors.frame)?.contentDocument;
    if (inside?.head) dress(inside, getComputedStyle(document.body).fontFamily);
    if (!trouble && inside) {
      const alert = inside.querySelector(data.selectors.alert);
      const video = inside.querySelector("video");
      const busy = inside.querySelector(data.selectors.busy) || (video && video.readyState < 2);
      memory.busySince = busy ? (memory.busySince ?? Date.now()) : null;
      const waited = memory.busySince !== null && Date.now() - memory.busySince > SLOW_MS;
      if (waited) trouble = "slow";
      else if (alert && !busy && !video) {
        detail = alert.textContent.trim();
        trouble = fromAlert(detail) ?? "other";
      }
    }
    const told = trouble ?? "";
    if (told !== memory.told) {
      memory.told = told;
      setStateValue("trouble", { code: told, detail });
    }
  };

  const timer = setInterval(look, POLL_MS);
  look();
  return () => clearInterval(timer);
}
