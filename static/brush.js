// Parallel axes to brush: one axis for each measure, one line for each way. What is left is counted here, in the
// browser, while the hand still moves; the server hears of the limits when it rests.

const REST_MS = 10; // after a key, before the server is told
const MOST_LINES = 1500;
const LEFT_OUT_LINES = 400;
const TOP = 12;
const HEIGHT = 190;
const PAGE = 10; // share of an axis that a page key moves, one in so many
const brushes = new WeakMap();

const bare = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

class Brush {
  constructor(root) {
    this.root = root;
    this.life = null;
    this.frame = 0;
    this.rest = 0;
    this.codes = [];
    this.n = 0;
    this.heard = null;
    this.board = root.querySelector(".board");
    this.canvas = root.querySelector("canvas");
    this.count = root.querySelector(".count");
    this.clear = root.querySelector("button");
    this.clear.onclick = () => this.takeAllAway();
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.board);
    this.dark = new MutationObserver(() => this.draw());
    this.dark.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  }

  end() {
    this.watch.disconnect();
    this.dark.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
  }

  async take(data, tell) {
    this.tell = tell;
    this.shown = data.shown;
    if (this.life !== data.life) {
      this.life = data.life;
      this.axes = data.axes;
      this.limits = data.axes.map((axis) => [...axis.limits]);
      this.buildAxes();
      this.drawHandles(); // each end has its value before the figures have come
    }
    if (this.url !== data.url) {
      this.url = data.url;
      const answer = await fetch(data.url);
      if (!answer.ok) throw new Error(`The figures of the ways cannot be read: ${answer.status}`);
      const all = new Uint16Array(await answer.arrayBuffer());
      if (this.url !== data.url) return; // another has been asked for meanwhile
      this.n = data.n;
      this.codes = this.axes.map((_, i) => all.subarray(i * this.n, (i + 1) * this.n));
    }
    this.draw();
  }

  buildAxes() {
    this.board.querySelectorAll(".axis").forEach((old) => old.remove());
    this.parts = this.axes.map((axis, i) => {
      const part = document.createElement("div");
      part.className = "axis";
      part.setAttribute("role", "group");
      part.setAttribute("aria-label", axis.label);
      part.innerHTML = `<div class="label">${bare(axis.label)}</div><div class="between"></div>
        <div class="track"><div class="rule"></div><div class="range"></div>
        <div class="handle" role="slider" tabindex="0" aria-orientation="vertical"></div>
        <div class="handle" role="slider" tabindex="0" aria-orientation="vertical"></div></div>
        <div class="better">${bare(axis.direction)}</div>`;
      const handles = [...part.querySelectorAll(".handle")];
      handles.forEach((handle, end) => {
        handle.setAttribute("aria-label", `${axis.label}, ${end ? "most" : "least"}`);
        handle.addEventListener("keydown", (event) => this.key(event, i, end));
      });
      const track = part.querySelector(".track");
      track.addEventListener("pointerdown", (event) => this.press(event, i, track));
      track.addEventListener("dblclick", () => this.set(i, [0, axis.n_steps], true));
      this.board.append(part);
      return { part, handles, track, between: part.querySelector(".between"), range: part.querySelector(".range") };
    });
  }

  key(event, i, end) {
    const most = this.axes[i].n_steps;
    const page = Math.max(1, Math.round(most / PAGE));
    const now = this.limits[i][end];
    const to = {
      ArrowUp: now + 1, ArrowRight: now + 1, ArrowDown: now - 1, ArrowLeft: now - 1,
      PageUp: now + page, PageDown: now - page, Home: 0, End: most,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const limits = [...this.limits[i]];
    limits[end] = end ? Math.min(Math.max(to, limits[0]), most) : Math.max(Math.min(to, limits[1]), 0);
    this.set(i, limits, false);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.say(), REST_MS);
  }

  press(event, i, track) {
    if (event.button > 0) return;
    event.preventDefault();
    track.setPointerCapture(event.pointerId);
    const most = this.axes[i].n_steps;
    const at = (e) => {
      const box = track.getBoundingClientRect();
      const share = 1 - (e.clientY - box.top - TOP) / (box.height - 2 * TOP);
      return Math.min(Math.max(Math.round(share * most), 0), most);
    };
    const handle = this.parts[i].handles.indexOf(event.target);
    const began = at(event);
    if (handle >= 0) this.parts[i].handles[handle].focus();
    const fixed = handle >= 0 ? this.limits[i][1 - handle] : began; // on the bare axis a new range begins
    let moved = handle >= 0;
    track.onpointermove = (e) => {
      const now = at(e);
      moved = moved || Math.abs(now - began) * track.clientHeight > 4 * most;
      if (moved) this.set(i, [Math.min(fixed, now), Math.max(fixed, now)], false);
    };
    track.onpointerup = track.onpointercancel = () => {
      track.onpointermove = track.onpointerup = track.onpointercancel = null;
      if (moved) this.say();
    };
  }

  takeAllAway() {
    this.limits = this.axes.map((axis) => [0, axis.n_steps]);
    this.draw();
    this.say();
  }

  set(i, limits, say) {
    this.limits[i] = limits;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
    if (say) this.say();
  }

  say() {
    const set = {};
    this.axes.forEach((axis, i) => {
      const [low, high] = this.limits[i];
      if (low > 0 || high < axis.n_steps) set[axis.id] = [low, high];
    });
    this.tell(set);
  }

  kept() {
    const is = new Uint8Array(this.n).fill(1);
    this.codes.forEach((codes, i) => {
      const [low, high] = this.limits[i];
      if (low === 0 && high === this.axes[i].n_steps) return;
      for (let row = 0; row < this.n; row += 1) if (codes[row] < low || codes[row] > high) is[row] = 0;
    });
    return is;
  }

  draw() {
    if (!this.axes || !this.codes.length || this.codes[0].length !== this.n) return;
    const is = this.kept();
    let left = 0;
    for (let row = 0; row < this.n; row += 1) left += is[row];
    this.count.textContent = `${left.toLocaleString("en-GB")} of ${this.n.toLocaleString("en-GB")} ways left`;
    this.drawHandles();
    this.drawLines(is, left);
  }

  text(i, code) {
    const axis = this.axes[i];
    const value = axis.low + code * axis.step;
    return value.toLocaleString("en-GB", { minimumFractionDigits: axis.decimals, maximumFractionDigits: axis.decimals });
  }

  drawHandles() {
    let isSet = false;
    this.parts.forEach((part, i) => {
      const most = this.axes[i].n_steps;
      const [low, high] = this.limits[i];
      const at = (code) => TOP + (1 - code / most) * (HEIGHT - 2 * TOP);
      part.range.style.top = `${at(high)}px`;
      part.range.style.height = `${Math.max(at(low) - at(high), 2)}px`;
      part.between.textContent = `${this.text(i, low)} to ${this.text(i, high)}`;
      part.part.classList.toggle("set", low > 0 || high < most);
      isSet = isSet || low > 0 || high < most;
      [low, high].forEach((code, end) => {
        const handle = part.handles[end];
        handle.style.top = `${at(code)}px`;
        handle.setAttribute("aria-valuemin", this.axes[i].low);
        handle.setAttribute("aria-valuemax", this.axes[i].low + most * this.axes[i].step);
        handle.setAttribute("aria-valuenow", this.axes[i].low + code * this.axes[i].step);
        handle.setAttribute("aria-valuetext", this.text(i, code));
      });
    });
    this.clear.disabled = !isSet;
  }

  drawLines(is, left) {
    const ratio = window.devicePixelRatio || 1;
    const width = this.board.clientWidth;
    const box = this.board.getBoundingClientRect();
    const track = this.parts[0].track.getBoundingClientRect();
    const top = track.top - box.top;
    this.canvas.style.top = `${top}px`;
    this.canvas.width = width * ratio;
    this.canvas.height = HEIGHT * ratio;
    const pen = this.canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const style = getComputedStyle(this.board);
    const x = this.parts.map(({ track: own }) => {
      const place = own.getBoundingClientRect();
      return place.left + place.width / 2 - box.left;
    });
    const scale = this.axes.map((axis) => (HEIGHT - 2 * TOP) / axis.n_steps);
    const line = (row) => {
      for (let i = 0; i < x.length; i += 1) {
        const y = HEIGHT - TOP - this.codes[i][row] * scale[i];
        if (i) pen.lineTo(x[i], y); else pen.moveTo(x[i], y);
      }
    };
    const some = (wanted, total, most, colour, alpha) => {
      const every = Math.max(1, total / most);
      pen.beginPath();
      for (let row = 0, seen = 0, next = 0; row < this.n; row += 1) {
        if (is[row] !== wanted) continue;
        if (seen >= next) { line(row); next += every; }
        seen += 1;
      }
      pen.strokeStyle = colour;
      pen.globalAlpha = alpha;
      pen.lineWidth = 1;
      pen.stroke();
    };
    some(0, this.n - left, LEFT_OUT_LINES, style.getPropertyValue("--left-out"), 0.25);
    const thin = Math.min(left, MOST_LINES);
    some(1, left, MOST_LINES, style.getPropertyValue("--kept"), Math.min(1, Math.max(0.12, 40 / Math.max(thin, 1))));
    if (this.shown >= 0 && this.shown < this.n) {
      pen.beginPath();
      line(this.shown);
      pen.globalAlpha = 1;
      pen.strokeStyle = style.getPropertyValue("--shown");
      pen.lineWidth = 3;
      pen.stroke();
    }
  }
}

export default function brush({ parentElement, data, setStateValue }) {
  if (!brushes.has(parentElement)) brushes.set(parentElement, new Brush(parentElement));
  const own = brushes.get(parentElement);
  own.take(data, (limits) => setStateValue("limits", { life: data.life, limits })).catch((fault) => {
    own.count.textContent = fault.message;
  });
  return () => {
    own.end();
    brushes.delete(parentElement);
  };
}
