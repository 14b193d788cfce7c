// One session's picture, or its chart, with what is drawn over it.
class Stage {
  constructor(player, view) {
    Object.assign(this, { player, view, track: null, mode: "chart", failed: false });
    this.video = make("video", { playsInline: true, preload: "auto", tabIndex: -1, ariaLabel: player.data.words.title });
    this.sheet = make("div", { className: "chart" });
    this.canvas = make("canvas", { className: "over", ariaHidden: "true" });
    this.chips = make("div", { className: "chips" });
    this.element = make("div", { className: "stage" }, this.sheet, this.video, this.canvas, this.chips);
    this.pen = makePen(player, this);
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.element);
    const events = { duration: view.duration, changed: () => player.changed(this), shown: () => player.shown(this) };
    this.free = new FreeClock(events);
    this.clock = this.free;
    if (view.video) this.openVideo(events);
    this.setMode(view.video ? "picture" : "chart");
    this.load();
  }

  openVideo(events) {
    const { video } = this;
    this.clock = new VideoClock(video, events);
    video.onerror = () => this.giveUp();
    video.onloadedmetadata = () => {
      if (!video.videoWidth) return this.giveUp(); // sound without a picture that this browser knows
      this.clock.duration = video.duration || this.view.duration;
      this.setMode(this.mode);
      this.player.changed(this);
    };
    video.src = this.view.video;
  }

  // A picture that the browser can't show: the chart takes its place, from the same moment.
  giveUp() {
    if (this.failed || this.closed) return;
    this.failed = true;
    const { aim } = this.clock;
    if (this.clock !== this.free) this.clock.close();
    this.clock = this.free;
    this.free.time = aim;
    this.setMode("chart");
    this.player.changed(this);
  }

  get hasPicture() { return Boolean(this.view.video) && !this.failed; }

  async load() {
    if (!this.view.packed) return;
    try {
      const answer = await fetch(this.view.packed);
      if (!answer.ok) throw new Error(answer.status);
      this.track = new Track(await answer.arrayBuffer(), this.view.hands.count, this.player.data.steps, this.view.picture);
    } catch {
      this.lost = true;
    }
    this.player.changed(this);
    this.draw();
  }

  update(view) {
    this.view = { ...view, video: this.view.video, packed: this.view.packed };
    this.drawSheet();
  }

  drawSheet() {
    const { svg } = this.view.sheet;
    if (this.drawnSheet === svg) return;
    this.drawnSheet = svg;
    this.sheet.innerHTML = svg;
  }

  setMode(mode) {
    this.mode = mode;
    this.element.dataset.mode = mode;
    this.drawSheet();
    const [width, height] = mode === "chart" ? this.view.sheet.size : this.size();
    this.element.style.aspectRatio = `${width} / ${height}`;
    this.draw();
  }

  size() {
    const { video } = this;
    return video.videoWidth ? [video.videoWidth, video.videoHeight] : this.view.picture;
  }

  // Where the picture or the chart lies in the element: it keeps its shape and stands in the middle.
  box() {
    const [width, height] = this.mode === "chart" ? this.view.sheet.size : this.size();
    const [wide, tall] = [this.element.clientWidth, this.element.clientHeight];
    const scale = Math.min(wide / width, tall / height);
    return { x: (wide - width * scale) / 2, y: (tall - height * scale) / 2, width: width * scale, height: height * scale, scale };
  }

  toScreen(frame, [a, b]) {
    const box = this.drawing ?? this.box();
    if (frame === "picture") return [box.x + a * box.width, box.y + b * box.height];
    const { origin, unit } = this.view.sheet;
    return [box.x + (origin[0] + a * unit[0]) * box.scale, box.y + (origin[1] + b * unit[1]) * box.scale];
  }

  fromScreen(frame, [x, y]) {
    const box = this.box();
    if (frame === "picture") return [clamp((x - box.x) / box.width, 0, 1), clamp((y - box.y) / box.height, 0, 1)];
    const { origin, unit } = this.view.sheet;
    return [((x - box.x) / box.scale - origin[0]) / unit[0], ((y - box.y) / box.scale - origin[1]) / unit[1]];
  }

  draw() {
    const { context, width } = sharp(this.canvas);
    if (!width) return;
    const { time } = this.clock;
    this.drawing = this.box();
    if (this.mode === "chart") paintOnChart(context, this, time);
    else paintPicture(context, this, time);
    paintMarks(context, this, time);
    this.drawing = null;
    this.sayUnseen(time);
  }

  // Hands that are not drawn are named in words.
  sayUnseen(time) {
    const { words } = this.player.data;
    const said = [];
    const { count, kept } = this.view.hands;
    if (this.lost || !count || (!kept && this.mode === "picture")) said.push(words.no_hands);
    else if (!this.track) said.push(words.loading);
    else for (const [side, name] of SIDES.entries()) said.push(this.sayHand(side, name, time, words));
    const text = said.filter(Boolean).join("\n");
    if (this.said === text) return;
    this.said = text;
    this.chips.replaceChildren(...text.split("\n").filter(Boolean).map((words) => make("span", {}, words)));
  }

  sayHand(side, name, time, words) {
    const state = this.track.seen(side, time);
    if (state === UNSEEN) return words[`${name}_unseen`];
    if (this.mode === "chart" && !this.track.onBack(side, time)) return words[`${name}_no_place`];
    return state === BRIDGED ? words[`${name}_bridged`] : "";
  }

  close() {
    this.closed = true;
    this.resized.disconnect();
    if (this.clock !== this.free) this.clock.close();
    this.free.close();
  }
}
