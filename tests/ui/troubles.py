"""What goes wrong with a camera, brought about in a page as a browser would: scripts to begin with.

Each is for `add_init_script`, which runs it in the page and in the camera's frame.
"""

from typing import Final

from playwright.sync_api import Page

NEVER: Final = "navigator.mediaDevices.getUserMedia = () => new Promise(() => undefined);"
"""Nobody answers the question for the camera."""

INSECURE: Final = "Object.defineProperty(window, 'isSecureContext', {value: false});"
"""As of a page that came over the network without HTTPS."""

NO_WEBRTC: Final = "delete window.RTCPeerConnection; window.RTCPeerConnection = undefined;"

NO_WAY: Final = """
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(wish) { super({ ...wish, iceServers: [], iceTransportPolicy: "relay" }); }
};
"""
"""A network that lets nothing through: no way between the two ends is ever found."""

PLUG: Final = """
(() => {
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media), list = media.enumerateDevices.bind(media);
  const held = [];
  let plugged = true;
  media.getUserMedia = async (wish) => {
    if (!plugged) throw new DOMException("Requested device not found", "NotFoundError");
    const stream = await ask(wish);
    held.push(...stream.getTracks());
    return stream;
  };
  media.enumerateDevices = async () =>
    (await list()).filter((each) => plugged || each.kind !== "videoinput");
  window.plug = (there) => {
    plugged = there;
    for (const track of there ? [] : held.splice(0)) {
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    media.dispatchEvent(new Event("devicechange"));
  };
})();
"""
"""A cable that `plug` pulls out and puts in again: the track has ended and says so, the camera is
not among the devices any more, and asking for one finds none."""


def reject(name: str) -> str:
    """The browser gives no camera, with an error of this name."""
    return f"""navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException("in a stubbed browser", "{name}"));"""


def plug(page: Page, *, there: bool) -> None:
    """Pull the camera's cable out, or put it in again."""
    for frame in page.frames:
        frame.evaluate("there => window.plug?.(there)", there)
