/* A map of areas on one canvas. Geometry comes once, by URL; after that only codes and colours travel.

   window.AreaMap.create(map, config) takes a Leaflet map and returns { update(state) }.
   A click paints here at once and is kept in `pending` until the server says it has seen it (`seen`), so that
   no answer of a slow server undoes a later click. Text from data is only ever set as textContent. */
(function () {
  "use strict";

  var NO_DATA = -1, SUPPRESSED = -2, OUTSIDE = -9;
  var SVG = "http://www.w3.org/2000/svg";
  var FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  var THEMES = {
    light: { fill: "#E4E8ED", empty: "#F1F2F4", hatch: "#8C939C", dots: "#4B5563", areaLine: "rgba(148,158,174,.95)",
      edge: "rgba(40,50,66,.75)", footprint: "#14181F", casing: "rgba(255,255,255,.85)", text: "#14181F",
      halo: "rgba(255,255,255,.95)", selected: "#D9480F", selectedCasing: "#FFFFFF", differs: "rgba(20,24,31,.8)" },
    dark: { fill: "#2B3340", empty: "#222934", hatch: "#7C8796", dots: "#C3CAD4", areaLine: "rgba(120,132,150,.9)",
      edge: "rgba(226,232,240,.6)", footprint: "#F8FAFC", casing: "rgba(10,13,18,.85)", text: "#F8FAFC",
      halo: "rgba(10,13,18,.92)", selected: "#FF922B", selectedCasing: "#0B0E13", differs: "rgba(255,255,255,.85)" }
  };
  var FOCUS = { inner: "#FFDD00", outer: "#0B0C0C" };

  function element(tag, className, parent, text) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  }

  /* File names change with their content, so a kept copy is always right. */
  function fetchJson(url) {
    return fetch(url, { cache: "force-cache" }).then(function (answer) {
      if (!answer.ok) throw new Error("HTTP " + answer.status);
      return answer.json();
    });
  }

  function mercator(lon, lat) {
    var s = Math.sin(lat * Math.PI / 180);
    return [lon / 360 + 0.5, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
  }

  /* Geometry file to arrays in Mercator units relative to the middle of the box: float noise stays far below a pixel. */
  function decodeGeometry(file) {
    var bounds = file.bounds, unit = 1 / file.scale;
    var middle = mercator((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2);
    function local(x, y) {
      var p = mercator(x * unit, y * unit);
      return [p[0] - middle[0], p[1] - middle[1]];
    }
    var arcs = file.arcs.map(function (steps) {
      var xy = new Float64Array(steps.length), x = 0, y = 0;
      for (var i = 0; i < steps.length; i += 2) {
        x += steps[i]; y += steps[i + 1];
        var p = local(x, y);
        xy[i] = p[0]; xy[i + 1] = p[1];
      }
      return xy;
    });
    var boxes = file.rings.map(function (polygons) {
      var box = [Infinity, Infinity, -Infinity, -Infinity];
      polygons.forEach(function (rings) {
        rings.forEach(function (refs) {
          refs.forEach(function (ref) {
            var xy = arcs[ref < 0 ? ~ref : ref];
            for (var i = 0; i < xy.length; i += 2) {
              if (xy[i] < box[0]) box[0] = xy[i];
              if (xy[i] > box[2]) box[2] = xy[i];
              if (xy[i + 1] < box[1]) box[1] = xy[i + 1];
              if (xy[i + 1] > box[3]) box[3] = xy[i + 1];
            }
          });
        });
      });
      return box;
    });
    var labels = file.codes.map(function (code, i) { return local(file.labels[2 * i], file.labels[2 * i + 1]); });
    var index = new Map();
    file.codes.forEach(function (code, i) { index.set(code, i); });
    return { codes: file.codes, names: file.names, arcs: arcs, left: file.left, right: file.right, rings: file.rings,
      boxes: boxes, labels: labels, links: file.links || [], index: index, middle: middle, bounds: bounds, count: file.codes.length };
  }

  /* "01-x" or [0, 1, -1, -2] to small integers; null when there is nothing. */
  function decodeClasses(text, count) {
    if (!text || !text.length) return null;
    var out = new Int16Array(count).fill(NO_DATA);
    for (var i = 0; i < count && i < text.length; i++) {
      var c = text[i];
      out[i] = typeof c === "number" ? c : c === "-" ? NO_DATA : c === "x" ? SUPPRESSED : parseInt(c, 36);
    }
    return out;
  }

  /* A canvas that moves and scales with the map; `draw` paints it. */
  var Sheet = L.Renderer.extend({
    initialize: function (draw) { this._draw = draw; L.Renderer.prototype.initialize.call(this, { padding: 0.25 }); },
    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._context = this._container.getContext("2d");
    },
    _destroyContainer: function () { L.DomUtil.remove(this._container); },
    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      var size = this._bounds.getSize(), ratio = window.devicePixelRatio || 1, canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.width = Math.round(size.x * ratio); canvas.height = Math.round(size.y * ratio);
      canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
      this.fire("update");
    },
    _updatePaths: function () { this.paint(); },
    paint: function () {
      if (!this._map || !this._bounds) return;
      var ratio = window.devicePixelRatio || 1, size = this._bounds.getSize(), ctx = this._context;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, size.x, size.y);
      this._draw(ctx, size);
    },
    /* Where Mercator units fall on this canvas. */
    frame: function (geometry) {
      var scale = 256 * Math.pow(2, this._zoom), origin = this._map.getPixelOrigin();
      return { scale: scale, x: geometry.middle[0] * scale - origin.x - this._bounds.min.x,
        y: geometry.middle[1] * scale - origin.y - this._bounds.min.y };
    }
  });

  function AreaMap(map, config) {
    var self = this;
    this.map = map; this.config = config; this.geometry = null; this.state = null; this.theme = "light";
    this.container = map.getContainer();
    this.life = Math.random().toString(36).slice(2, 10);
    this.sequence = 0; this.pending = []; this.seen = 0;
    this.hovered = -1; this.focused = -1; this.selected = -1; this.tips = null; this.points = [];
    this.files = new Map(); this.zoomRequest = 0; this.fitted = false; this.paints = 0; this.frameAsked = false;
    this.buildFurniture();
    this.sheet = new Sheet(function (ctx, size) { self.drawAreas(ctx, size); }).addTo(map);
    this.marks = new Sheet(function (ctx, size) { self.drawMarks(ctx, size); }).addTo(map);
    this.listen();
    this.joinGroup();
    this.note("Loading the map\u2026");
    fetchJson(config.geometryUrl).then(function (file) {
      self.geometry = decodeGeometry(file);
      self.note("");
      self.fit(null, true);
      if (self.state) self.update(self.state);
      self.repaint();
      self.container.setAttribute("data-ready", "true");
    }).catch(function (fault) {
      self.note("The outlines could not be loaded (" + fault.message + "). Reload the page; nothing is lost.");
    });
  }

  AreaMap.prototype = {
    // ---- furniture: legend, buttons, tooltip, announcements -------------------------------------------------
    buildFurniture: function () {
      var self = this, box = this.container;
      box.classList.add("am");
      box.setAttribute("tabindex", "0");
      box.setAttribute("role", "application");
      box.setAttribute("aria-label", this.config.label);
      this.help = element("p", "am-hidden", document.body,
        "Map. Arrow keys move between areas, Enter or Space chooses one, plus and minus zoom, Escape leaves. " +
        "The table on this page says the same.");
      this.help.id = "am-help";
      box.setAttribute("aria-describedby", "am-help");
      if (window.frameElement) window.frameElement.title = this.config.label;
      document.title = this.config.label;
      this.live = element("div", "am-hidden", document.body);
      this.live.setAttribute("aria-live", "polite");
      this.live.setAttribute("role", "status");
      this.placeList = element("ul", "am-hidden", document.body);
      this.placeList.setAttribute("aria-label", "Places on the map");
      this.placeList.hidden = true;
      this.legend = element("section", "am-legend", box);
      this.legend.setAttribute("aria-label", "Legend");
      this.legend.hidden = true;
      this.tip = element("div", "am-tip", box);
      this.tip.setAttribute("aria-hidden", "true");
      this.noteBox = element("p", "am-note", box);
      this.noteBox.setAttribute("role", "status");
      this.credit = element("p", "am-credit", box);
      var bar = element("div", "am-buttons", box);
      function button(path, label, action) {
        var b = element("button", "", bar), svg = document.createElementNS(SVG, "svg"), line = document.createElementNS(SVG, "path");
        b.type = "button"; b.title = label; b.setAttribute("aria-label", label);
        svg.setAttribute("viewBox", "0 0 20 20"); svg.setAttribute("aria-hidden", "true");
        line.setAttribute("d", path);
        svg.appendChild(line); b.appendChild(svg);
        b.addEventListener("click", action);
        return b;
      }
      button("M10 4V16M4 10H16", "Zoom in", function () { self.zoomBy(1); });
      button("M4 10H16", "Zoom out", function () { self.zoomBy(-1); });
      button("M3 7V3H7M13 3H17V7M17 13V17H13M7 17H3V13", "Zoom to the whole authority", function () {
        self.moved = false;
        self.fit(null);
      });
      this.brushButton = button("M17 3L9 11M9 11Q5 11 5 15Q5 16 3 17Q9 18 10 14Q10 12 9 11Z",
        "Brush: drag to place many areas", function () { self.setBrush(!self.brush); });
      this.brushButton.hidden = true;
      this.setBrush(false);
      [this.legend, bar].forEach(function (node) {
        L.DomEvent.disableClickPropagation(node); L.DomEvent.disableScrollPropagation(node);
      });
    },

    note: function (text) { this.noteBox.textContent = text; this.noteBox.hidden = !text; },

    say: function (text) { this.live.textContent = text.replace(/%/g, " per cent"); },

    setBrush: function (on) {
      this.brush = on;
      this.brushButton.setAttribute("aria-pressed", on ? "true" : "false");
      this.container.classList.toggle("am-brushing", on);
      if (on) this.map.dragging.disable(); else this.map.dragging.enable();
    },

    // ---- state from the server ------------------------------------------------------------------------------
    update: function (state) {
      this.state = state;
      if (!this.geometry) return;
      var n = this.geometry.count, self = this;
      if (state.life === this.life && state.seen > this.seen) this.seen = state.seen;
      this.pending = this.pending.filter(function (event) { return event.n > self.seen; });
      this.classes = decodeClasses(state.fills, n);
      this.footprints = decodeClasses(state.footprints, n);
      this.differs = state.differs && state.differs.length ? state.differs : null;
      this.locked = new Set(state.locked || []);
      this.selected = this.geometry.index.has(state.selected) ? this.geometry.index.get(state.selected) : -1;
      this.pending.forEach(function (event) { self.apply(event); });
      this.setTheme(state.theme || this.pageTheme || "light");
      var drawing = state.mode === "draw";
      this.brushButton.hidden = !drawing;
      if (!drawing && this.brush) this.setBrush(false);
      if (drawing) this.map.doubleClickZoom.disable(); else this.map.doubleClickZoom.enable();
      this.container.setAttribute("data-mode", state.mode);
      this.load("tips", function (tips) { self.tips = tips; self.buildLegend(); });
      this.load("points", function (points) { self.setPoints(points || []); });
      this.setBase(state.base);
      this.showCredit();
      this.buildLegend();
      this.tipFor = null;
      if (state.zoom && state.zoom.request !== this.zoomRequest) {
        this.zoomRequest = state.zoom.request;
        this.moved = state.zoom.codes.length > 0;
        this.fit(state.zoom.codes);
      }
      this.repaint();
    },

    /* Tooltips and points come inside the state when small, else by URL, once; what is late for its state is kept unused. */
    load: function (kind, use) {
      var self = this, part = this.state[kind], url = part && part.url;
      if (!url) { use(part ? part.inline : null); return; }
      if (!this.files.has(url)) this.files.set(url, fetchJson(url));
      this.files.get(url).then(function (content) {
        if (!self.state[kind] || self.state[kind].url !== url) return;
        use(content);
        self.repaint();
      }).catch(function (fault) {
        self.files.delete(url);
        self.note("Details of the areas could not be loaded (" + fault.message + ").");
      });
    },

    apply: function (event) {
      var self = this, index = this.geometry.index;
      if (event.kind === "select") {
        this.selected = index.has(event.codes[0]) ? index.get(event.codes[0]) : -1;
        return;
      }
      if (!this.footprints) this.footprints = new Int16Array(this.geometry.count).fill(NO_DATA);
      event.codes.forEach(function (code) {
        if (index.has(code)) self.footprints[index.get(code)] = event.footprint;
      });
    },

    /* One thing that a person did: painted now, sent now, kept until seen. */
    record: function (kind, areas) {
      var codes = areas.map(function (i) { return this.geometry.codes[i]; }, this);
      var event = { n: ++this.sequence, kind: kind, codes: codes };
      if (kind === "assign") event.footprint = this.state.active;
      if (kind === "select") this.pending = this.pending.filter(function (old) { return old.kind !== "select"; });
      this.pending.push(event);
      this.apply(event);
      this.buildLegend();
      this.repaint();
      window.Streamlit.setComponentValue({ life: this.life, events: this.pending });
    },

    canPlace: function (area) {
      var now = this.footprints ? this.footprints[area] : NO_DATA, active = this.state.active;
      return now !== active && !this.locked.has(now) && !this.locked.has(active);
    },

    choose: function (area) {
      if (!this.state || area < 0) return;
      var name = this.geometry.names[area], names = this.state.footprintNames || [];
      if (this.state.mode !== "draw") { this.record("select", [area]); this.say(this.words(area) + ", selected"); return; }
      if (this.state.active === null || this.state.active === undefined) return;
      var now = this.footprints ? this.footprints[area] : NO_DATA;
      if (this.canPlace(area)) {
        this.record("assign", [area]);
        this.say(this.state.active < 0 ? name + " is now in no footprint" : name + " is now in " + names[this.state.active]);
        this.note("");
      } else if (now !== this.state.active) {
        var held = this.locked.has(now) ? names[now] : names[this.state.active];
        this.note(held + " is locked. Unlock it to change it."); this.say(held + " is locked");
      }
    },

    // ---- words ----------------------------------------------------------------------------------------------
    tipLines: function (area) {
      var lines = [], s = this.state, tips = this.tips;
      if (tips && tips.values && tips.values[area]) lines.push(tips.values[area]);
      else if (this.classes && this.classes[area] === NO_DATA) lines.push("No data");
      else if (this.classes && this.classes[area] === SUPPRESSED) lines.push("Suppressed");
      if (tips && tips.comparisons && tips.comparisons[area]) lines.push(tips.comparisons[area]);
      if (s.footprintNames && s.footprintNames.length && this.footprints) {
        var f = this.footprints[area];
        lines.push(f >= 0 ? "In " + s.footprintNames[f] + (this.locked.has(f) ? " (locked)" : "") : "In no footprint");
      }
      return lines;
    },

    words: function (area) { return [this.geometry.names[area]].concat(this.tipLines(area)).join(", "); },

    // ---- legend ---------------------------------------------------------------------------------------------
    swatch: function (entry, parent) {
      var box = element("span", "am-swatch", parent);
      if (entry.fill === NO_DATA) box.classList.add("am-nodata");
      else if (entry.fill === SUPPRESSED) box.classList.add("am-suppressed");
      else box.style.backgroundColor = entry.colour || (this.state.palette || [])[entry.fill] || "transparent";
    },

    buildLegend: function () {
      var s = this.state, self = this, legend = s && s.legend;
      var open = this.legend.firstChild ? this.legend.firstChild.open : this.map.getSize().x >= 620;
      this.legend.textContent = "";
      this.legend.hidden = !legend;
      if (!legend) return;
      var details = element("details", "", this.legend);
      details.open = open;
      element("summary", "", details, legend.title);
      if (legend.unit) element("p", "am-unit", details, legend.unit);
      var list = element("ul", "", details);
      legend.entries.forEach(function (entry) {
        var row = element("li", "", list);
        self.swatch(entry, row);
        row = element("span", "am-range", row, entry.label);
        if (legend.authority && legend.authority.fill === entry.fill)
          element("span", "am-mark am-authority", row, legend.authority.label);
        if (self.selected >= 0 && self.classes && self.classes[self.selected] === entry.fill)
          element("span", "am-mark am-chosen", row, self.geometry.names[self.selected]);
      });
      (s.kinds || []).forEach(function (kind) {
        var row = element("li", "", list), canvas = element("canvas", "am-shape", row), ratio = window.devicePixelRatio || 1;
        canvas.width = canvas.height = 18 * ratio;
        canvas.setAttribute("aria-hidden", "true");
        var ctx = canvas.getContext("2d");
        ctx.scale(ratio, ratio);
        self.drawShape(ctx, kind, 9, 9);
        element("span", "am-range", row, kind.label);
      });
      if (this.differs) {
        var row = element("li", "", list);
        element("span", "am-swatch am-differs", row);
        element("span", "am-range", row, legend.differs || "Differs between the maps");
      }
      if (!this.framed) { this.framed = true; if (this.fitted && !this.moved) this.fit(null, true); }
    },

    // ---- drawing --------------------------------------------------------------------------------------------
    repaint: function () {
      var self = this;
      if (this.frameAsked) return;
      this.frameAsked = true;
      requestAnimationFrame(function () {
        self.frameAsked = false;
        self.sheet.paint(); self.marks.paint();
        self.paints += 1; self.painted = performance.now();
      });
    },

    trace: function (ctx, f, area) {
      var arcs = this.geometry.arcs;
      this.geometry.rings[area].forEach(function (rings) {
        rings.forEach(function (refs) {
          for (var r = 0; r < refs.length; r++) {
            var ref = refs[r], xy = arcs[ref < 0 ? ~ref : ref], i;
            if (ref >= 0) {
              if (r === 0) ctx.moveTo(xy[0] * f.scale + f.x, xy[1] * f.scale + f.y);
              for (i = 2; i < xy.length; i += 2) ctx.lineTo(xy[i] * f.scale + f.x, xy[i + 1] * f.scale + f.y);
            } else {
              var end = xy.length - 2;
              if (r === 0) ctx.moveTo(xy[end] * f.scale + f.x, xy[end + 1] * f.scale + f.y);
              for (i = end - 2; i >= 0; i -= 2) ctx.lineTo(xy[i] * f.scale + f.x, xy[i + 1] * f.scale + f.y);
            }
          }
          ctx.closePath();
        });
      });
    },

    traceArc: function (ctx, f, arc) {
      var xy = this.geometry.arcs[arc];
      ctx.moveTo(xy[0] * f.scale + f.x, xy[1] * f.scale + f.y);
      for (var i = 2; i < xy.length; i += 2) ctx.lineTo(xy[i] * f.scale + f.x, xy[i + 1] * f.scale + f.y);
    },

    visible: function (f, size, area) {
      var b = this.geometry.boxes[area];
      return b[2] * f.scale + f.x >= 0 && b[0] * f.scale + f.x <= size.x && b[3] * f.scale + f.y >= 0 && b[1] * f.scale + f.y <= size.y;
    },

    pattern: function (ctx, kind) {
      var t = THEMES[this.theme], tile = document.createElement("canvas"), c;
      tile.width = tile.height = kind === "differs" ? 9 : 8;
      c = tile.getContext("2d");
      if (kind === "dots") {
        c.fillStyle = t.dots;
        c.beginPath(); c.arc(2, 2, 1.1, 0, 7); c.arc(6, 6, 1.1, 0, 7); c.fill();
      } else {
        var n = tile.width;
        c.strokeStyle = kind === "differs" ? t.differs : t.hatch;
        c.lineWidth = kind === "differs" ? 1.6 : 1.2;
        c.beginPath();
        [-n, 0, n].forEach(function (d) {
          if (kind === "differs") { c.moveTo(d - 1, -1); c.lineTo(d + n + 1, n + 1); }
          else { c.moveTo(d - 1, n + 1); c.lineTo(d + n + 1, -1); }
        });
        c.stroke();
      }
      return ctx.createPattern(tile, "repeat");
    },

    fillOf: function (area) {
      var s = this.state;
      if (this.classes) return this.classes[area];
      if (this.footprints && s.footprintColours && this.footprints[area] >= 0) return this.footprints[area];
      return OUTSIDE;
    },

    drawAreas: function (ctx, size) {
      var g = this.geometry, s = this.state, t = THEMES[this.theme], self = this, a, i;
      if (!g || !s) return;
      var f = this.sheet.frame(g), groups = new Map();
      for (a = 0; a < g.count; a++) {
        if (!this.visible(f, size, a)) continue;
        var key = this.fillOf(a);
        if (!groups.has(key)) groups.set(key, []);
        groups.get(key).push(a);
      }
      var colours = this.classes ? s.palette || [] : s.footprintColours || [];
      ctx.globalAlpha = this.tiles ? 0.72 : 1;
      groups.forEach(function (areas, key) {
        ctx.beginPath();
        areas.forEach(function (area) { self.trace(ctx, f, area); });
        ctx.fillStyle = key === OUTSIDE ? t.fill : key < 0 ? t.empty : colours[key] || t.fill;
        ctx.fill("evenodd");
        if (key === NO_DATA || key === SUPPRESSED) {
          ctx.fillStyle = self.pattern(ctx, key === NO_DATA ? "hatch" : "dots");
          ctx.fill("evenodd");
        }
      });
      ctx.globalAlpha = 1;
      ctx.lineJoin = ctx.lineCap = "round";
      var inner = [], edge = [], lines = [], fp = this.footprints;
      for (i = 0; i < g.arcs.length; i++) {
        var l = g.left[i], r = g.right[i];
        (l < 0 || r < 0 ? edge : inner).push(i);
        if (fp) {
          var fl = l < 0 ? OUTSIDE : fp[l], fr = r < 0 ? OUTSIDE : fp[r];
          if (fl !== fr && (fl >= 0 || fr >= 0)) lines.push(i);
        }
      }
      function stroke(arcs, colour, width) {
        ctx.beginPath();
        arcs.forEach(function (arc) { self.traceArc(ctx, f, arc); });
        ctx.strokeStyle = colour; ctx.lineWidth = width; ctx.stroke();
      }
      stroke(inner, t.areaLine, g.count > 1500 ? 0.5 : 0.8);
      stroke(edge, t.edge, 1.1);
      if (this.differs) {
        ctx.beginPath();
        this.differs.forEach(function (area) { self.trace(ctx, f, area); });
        ctx.fillStyle = this.pattern(ctx, "differs"); ctx.fill("evenodd");
      }
      if (s.links && g.links.length) {
        ctx.beginPath();
        g.links.forEach(function (link) {
          var p = g.labels[link[0]], q = g.labels[link[1]];
          ctx.moveTo(p[0] * f.scale + f.x, p[1] * f.scale + f.y); ctx.lineTo(q[0] * f.scale + f.x, q[1] * f.scale + f.y);
        });
        ctx.setLineDash([2, 6]); ctx.strokeStyle = t.text; ctx.lineWidth = 1.6; ctx.stroke(); ctx.setLineDash([]);
      }
      if (lines.length) { stroke(lines, t.casing, 5.5); stroke(lines, t.footprint, 2.8); }
    },

    /* Name of each footprint at the label point of the member nearest to the footprint's middle. */
    drawLabels: function (ctx, f, t) {
      var names = this.state.footprintLabels || [], g = this.geometry, fp = this.footprints;
      if (!fp || !names.length) return;
      var sums = names.map(function () { return [0, 0, 0]; }), a;
      for (a = 0; a < g.count; a++) {
        var s = sums[fp[a]], b = g.boxes[a];
        if (!s) continue;
        var w = (b[2] - b[0]) * (b[3] - b[1]);
        s[0] += w * g.labels[a][0]; s[1] += w * g.labels[a][1]; s[2] += w;
      }
      var best = names.map(function () { return [Infinity, -1]; });
      for (a = 0; a < g.count; a++) {
        var m = sums[fp[a]];
        if (!m) continue;
        var d = Math.hypot(g.labels[a][0] - m[0] / m[2], g.labels[a][1] - m[1] / m[2]);
        if (d < best[fp[a]][0]) best[fp[a]] = [d, a];
      }
      ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.lineJoin = "round";
      best.forEach(function (pair, i) {
        if (pair[1] < 0) return;
        var text = names[i], p = g.labels[pair[1]], x = p[0] * f.scale + f.x, y = p[1] * f.scale + f.y;
        ctx.font = (text.length > 3 ? "600 14px " : "700 19px ") + FONT;
        ctx.strokeStyle = t.halo; ctx.lineWidth = 5; ctx.strokeText(text, x, y);
        ctx.fillStyle = t.text; ctx.fillText(text, x, y);
      });
    },

    drawShape: function (ctx, style, x, y) {
      var r = style.size || 5.5, corners = { square: 4, diamond: 4, triangle: 3, pentagon: 5, hexagon: 6 }[style.shape], k;
      ctx.beginPath();
      if (style.shape === "cross") {
        var w = r * 0.42;
        [[-w, -r], [w, -r], [w, -w], [r, -w], [r, w], [w, w], [w, r], [-w, r], [-w, w], [-r, w], [-r, -w], [-w, -w]]
          .forEach(function (p, i) { ctx[i ? "lineTo" : "moveTo"](x + p[0], y + p[1]); });
        ctx.closePath();
      } else if (style.shape === "star") {
        for (k = 0; k < 10; k++) {
          var rr = k % 2 ? r * 0.5 : r * 1.2, sa = -Math.PI / 2 + k * Math.PI / 5;
          ctx[k ? "lineTo" : "moveTo"](x + rr * Math.cos(sa), y + rr * Math.sin(sa));
        }
        ctx.closePath();
      } else if (corners) {
        var turn = style.shape === "square" ? Math.PI / 4 : -Math.PI / 2, big = corners < 5 ? r * 1.2 : r * 1.05;
        for (k = 0; k < corners; k++)
          ctx[k ? "lineTo" : "moveTo"](x + big * Math.cos(turn + k * 2 * Math.PI / corners), y + big * Math.sin(turn + k * 2 * Math.PI / corners));
        ctx.closePath();
      } else ctx.arc(x, y, r, 0, 7);
      ctx.lineJoin = "round";
      ctx.strokeStyle = "#FFFFFF"; ctx.lineWidth = 3; ctx.stroke();
      ctx.fillStyle = style.colour || "#12436D"; ctx.fill();
    },

    drawMarks: function (ctx) {
      var g = this.geometry, t = THEMES[this.theme], self = this;
      if (!g || !this.state) return;
      var f = this.marks.frame(g);
      ctx.lineJoin = ctx.lineCap = "round";
      function outline(area, strokes) {
        if (area < 0) return;
        // thinner round a small area, so that its own colour stays in sight
        var b = g.boxes[area], thin = Math.max(0.45, Math.min(1, f.scale * Math.min(b[2] - b[0], b[3] - b[1]) / 30));
        ctx.beginPath(); self.trace(ctx, f, area);
        strokes.forEach(function (s) { ctx.strokeStyle = s[0]; ctx.lineWidth = s[1] * thin; ctx.stroke(); });
      }
      outline(this.hovered, [[t.footprint, 1.8]]);
      outline(this.selected, [[t.selectedCasing, 7], [t.selected, 3.6]]);
      outline(this.focused, [[FOCUS.outer, 6.5], [FOCUS.inner, 3.5]]);
      this.points.forEach(function (p) { self.drawShape(ctx, p.style, p.x * f.scale + f.x, p.y * f.scale + f.y); });
      this.drawLabels(ctx, f, t);
    },

    // ---- finding --------------------------------------------------------------------------------------------
    unitsAt: function (latlng) {
      var p = mercator(latlng.lng, latlng.lat), m = this.geometry.middle;
      return [p[0] - m[0], p[1] - m[1]];
    },

    areaAt: function (latlng) {
      if (!this.geometry) return -1;
      var p = this.unitsAt(latlng), x = p[0], y = p[1], g = this.geometry;
      for (var a = 0; a < g.count; a++) {
        var b = g.boxes[a];
        if (x < b[0] || x > b[2] || y < b[1] || y > b[3]) continue;
        if (this.inside(a, x, y)) return a;
      }
      return -1;
    },

    inside: function (area, x, y) {
      var odd = false, arcs = this.geometry.arcs;
      this.geometry.rings[area].forEach(function (rings) {
        rings.forEach(function (refs) {
          refs.forEach(function (ref) {
            var xy = arcs[ref < 0 ? ~ref : ref];
            for (var i = 2; i < xy.length; i += 2) {
              var y0 = xy[i - 1], y1 = xy[i + 1];
              if ((y0 > y) !== (y1 > y) && x < (xy[i] - xy[i - 2]) * (y - y0) / (y1 - y0) + xy[i - 2]) odd = !odd;
            }
          });
        });
      });
      return odd;
    },

    pointAt: function (latlng) {
      if (!this.points.length || !this.geometry) return null;
      var p = this.unitsAt(latlng), scale = 256 * Math.pow(2, this.map.getZoom()), best = null, near = 9 / scale;
      this.points.forEach(function (q) {
        var d = Math.hypot(q.x - p[0], q.y - p[1]);
        if (d <= near) { near = d; best = q; }
      });
      return best;
    },

    setPoints: function (points) {
      if (points === this.pointSource) return;
      this.pointSource = points;
      var styles = {}, self = this;
      (this.state.kinds || []).forEach(function (kind) { styles[kind.id] = kind; });
      this.placeList.textContent = "";
      this.placeList.hidden = !points.length;
      this.points = points.map(function (row) {
        var p = mercator(row[2], row[3]), m = self.geometry.middle, style = styles[row[0]] || { label: row[0] };
        element("li", "", self.placeList, row[1] + " (" + style.label + ")");
        return { style: style, name: row[1], x: p[0] - m[0], y: p[1] - m[1] };
      });
    },

    // ---- mouse, touch, keyboard -----------------------------------------------------------------------------
    listen: function () {
      var self = this, map = this.map, stroke = null;
      map.on("click", function (e) {
        if (!self.justBrushed) self.choose(self.areaAt(e.latlng));
        self.setFocus(-1);
        self.tipFor = null; self.hover(e);
      });
      map.on("mousemove", function (e) { self.hover(e); });
      map.on("mouseout", function () { self.hover(null); });
      map.on("dragstart", function () { self.moved = true; });
      this.container.addEventListener("wheel", function () { self.moved = true; }, { passive: true });
      map.on("movestart", function () { self.tip.classList.remove("am-on"); });

      function place(event) {
        var area = self.areaAt(map.mouseEventToLatLng(event));
        if (area < 0 || stroke.has(area) || !self.canPlace(area)) return;
        stroke.add(area);
        if (!self.footprints) self.footprints = new Int16Array(self.geometry.count).fill(NO_DATA);
        self.footprints[area] = self.state.active;
        self.repaint();
      }
      this.container.addEventListener("pointerdown", function (e) {
        self.justBrushed = false;
        if (!self.geometry || !self.state || self.state.mode !== "draw" || e.button !== 0) return;
        if (!(self.brush || e.shiftKey) || e.target.closest(".am-legend, .am-buttons")) return;
        stroke = new Set();
        map.dragging.disable();
        self.strokeStart = { x: e.clientX, y: e.clientY };
        place(e);
      });
      this.container.addEventListener("pointermove", function (e) {
        if (!stroke) return;
        var steps = e.getCoalescedEvents ? e.getCoalescedEvents() : [];
        (steps.length ? steps : [e]).forEach(place);
      });
      window.addEventListener("pointerup", function () {
        if (!stroke) return;
        var areas = Array.from(stroke);
        stroke = null;
        self.justBrushed = true;
        if (!self.brush) map.dragging.enable();
        if (!areas.length) return;
        self.record("assign", areas);
        self.say(areas.length + (areas.length === 1 ? " area" : " areas") + " placed");
      });

      this.container.addEventListener("keydown", function (e) { self.key(e); });
      this.container.addEventListener("focus", function () { map.scrollWheelZoom.enable(); });
      this.container.addEventListener("blur", function () { map.scrollWheelZoom.disable(); self.setFocus(-1); });
      map.scrollWheelZoom.disable();
      new ResizeObserver(function () {
        map.invalidateSize({ animate: false });
        if (!self.moved) self.fit(null, true);
        self.repaint();
      }).observe(this.container);
      window.addEventListener("message", function (e) {
        if (!e.data || e.data.type !== "streamlit:render" || !e.data.theme) return;
        self.pageTheme = e.data.theme.base === "dark" ? "dark" : "light";
        if (self.state) { self.setTheme(self.state.theme || self.pageTheme); self.repaint(); }
      });
    },

    hover: function (e) {
      var area = e ? this.areaAt(e.latlng) : -1, point = e ? this.pointAt(e.latlng) : null;
      if (area !== this.hovered) { this.hovered = area; this.marks.paint(); }
      if (!e || (area < 0 && !point)) { this.tip.classList.remove("am-on"); return; }
      var wanted = point ? "p" + point.name : "a" + area;
      if (this.tipFor !== wanted) this.fillTip(area, point);
      this.tipFor = wanted;
      this.placeTip(e.containerPoint);
    },

    fillTip: function (area, point) {
      this.tip.textContent = "";
      element("strong", "", this.tip, point ? point.name : this.geometry.names[area]);
      var lines = point ? [point.style.label] : this.tipLines(area);
      lines.forEach(function (line) { element("span", "", this.tip, line); }, this);
    },

    placeTip: function (p) {
      var size = this.map.getSize(), tip = this.tip;
      tip.classList.add("am-on");
      var w = tip.offsetWidth, h = tip.offsetHeight;
      tip.style.left = Math.max(4, p.x + 16 + w > size.x ? p.x - w - 12 : p.x + 16) + "px";
      tip.style.top = Math.max(4, p.y + 16 + h > size.y ? p.y - h - 12 : p.y + 16) + "px";
    },

    key: function (e) {
      if (!this.geometry || e.ctrlKey || e.metaKey || e.altKey || e.target !== this.container) return;
      var ways = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
      if (ways[e.key]) this.setFocus(this.step(ways[e.key]), true);
      else if ((e.key === "Enter" || e.key === " ") && this.focused >= 0) this.choose(this.focused);
      else if (e.key === "+" || e.key === "=") this.zoomBy(1);
      else if (e.key === "-") this.zoomBy(-1);
      else if (e.key === "Escape") { this.setFocus(-1); this.container.blur(); }
      else return;
      e.preventDefault();
    },

    /* The area whose label point is nearest in that direction (within about 60 degrees of it). */
    step: function (way) {
      var g = this.geometry, from = this.focused, best = -1, least = Infinity, a;
      if (from < 0) {
        if (this.selected >= 0) return this.selected;
        var c = this.unitsAt(this.map.getCenter());
        for (a = 0; a < g.count; a++) {
          var d0 = Math.hypot(g.labels[a][0] - c[0], g.labels[a][1] - c[1]);
          if (d0 < least) { least = d0; best = a; }
        }
        return best;
      }
      for (a = 0; a < g.count; a++) {
        if (a === from) continue;
        var dx = g.labels[a][0] - g.labels[from][0], dy = g.labels[a][1] - g.labels[from][1];
        var along = dx * way[0] + dy * way[1], d = Math.hypot(dx, dy);
        if (along <= 0 || along < d * 0.5) continue;
        var cost = d * d / along;
        if (cost < least) { least = cost; best = a; }
      }
      return best < 0 ? from : best;
    },

    setFocus: function (area, announce) {
      this.focused = area;
      this.marks.paint();
      if (area < 0) return;
      var p = this.geometry.labels[area], m = this.geometry.middle, scale = 256 * Math.pow(2, this.map.getZoom());
      var at = L.point((p[0] + m[0]) * scale, (p[1] + m[1]) * scale).subtract(this.map.getPixelOrigin());
      var shown = this.map.layerPointToContainerPoint(at), size = this.map.getSize();
      if (shown.x < 30 || shown.y < 30 || shown.x > size.x - 30 || shown.y > size.y - 30) {
        this.moved = true;
        this.map.panTo(this.map.layerPointToLatLng(at), { animate: false });
        shown = this.map.layerPointToContainerPoint(at);
      }
      if (announce) { this.say(this.words(area)); this.fillTip(area, null); this.placeTip(shown); }
    },

    zoomBy: function (steps) { this.moved = true; this.map.setZoom(this.map.getZoom() + steps); },

    // ---- view -----------------------------------------------------------------------------------------------
    /* Show the named areas, or all; beside the legend where that costs no zoom. */
    fit: function (codes, still) {
      var g = this.geometry, size = this.map.getSize();
      if (!g || size.x < 120 || size.y < 120) return;
      var box = (this.state && this.state.bounds) || g.bounds;
      if (codes && codes.length) {
        var b = [Infinity, Infinity, -Infinity, -Infinity];
        codes.forEach(function (code) {
          if (!g.index.has(code)) return;
          var c = g.boxes[g.index.get(code)];
          b = [Math.min(b[0], c[0]), Math.min(b[1], c[1]), Math.max(b[2], c[2]), Math.max(b[3], c[3])];
        });
        if (b[0] === Infinity) return;
        var corner = this.lonLat(b[0], b[3]), other = this.lonLat(b[2], b[1]);
        box = [corner[0], corner[1], other[0], other[1]];
      }
      var bounds = L.latLngBounds([box[1], box[0]], [box[3], box[2]]), left = this.legend.hidden ? 0 : this.legend.offsetWidth;
      if (left > size.x / 2) left = 0;
      var roomy = this.map.getBoundsZoom(bounds, false, L.point(32 + left, 32));
      var plain = this.map.getBoundsZoom(bounds, false, L.point(32, 32));
      if (roomy < plain - 0.3) left = 0;
      this.fitted = true;
      this.map.fitBounds(bounds, { paddingTopLeft: [16 + left, 16], paddingBottomRight: [16, 16], animate: !still && !this.config.still });
    },

    lonLat: function (x, y) {
      var m = this.geometry.middle, n = Math.PI * (1 - 2 * (y + m[1]));
      return [(x + m[0] - 0.5) * 360, Math.atan(Math.sinh(n)) * 180 / Math.PI];
    },

    setTheme: function (theme) {
      this.theme = theme === "dark" ? "dark" : "light";
      this.container.classList.toggle("am-dark", this.theme === "dark");
    },

    setBase: function (base) {
      var self = this, url = base ? base.url : null;
      if (url === (this.tileUrl || null)) return;
      this.tileUrl = url;
      if (this.baseLayer) this.baseLayer.remove();
      this.baseLayer = this.tiles = null;
      if (!url) { this.note(""); return; }
      var failed = 0, layer = L.tileLayer(url, { maxZoom: 19 });
      layer.on("tileload", function () { 
        failed = -Infinity;
        self.note("");
        if (!self.tiles) { self.tiles = layer; self.showCredit(); self.repaint(); }
      });
      layer.on("tileerror", function () {
        failed += 1;
        if (failed === 1) self.note("Background map out of reach. The areas are complete without it.");
      });
      this.baseLayer = layer.addTo(this.map);
    },

    showCredit: function () {
      var s = this.state, lines = [s.attribution];
      if (this.tiles && s.base) lines.push(s.base.attribution);
      this.credit.textContent = lines.filter(Boolean).join(" \u00b7 ");
    },

    /* Maps of one group on one page move together. */
    joinGroup: function () {
      if (!this.config.group || !window.BroadcastChannel) return;
      var self = this, page = window.parent.performance.timeOrigin, busy = false, waiting = false;
      var channel = new BroadcastChannel("area-map:" + page + ":" + this.config.group);
      channel.onmessage = function (e) {
        if (!self.fitted) return;
        busy = true;
        self.moved = true;
        self.map.setView(e.data.centre, e.data.zoom, { animate: false });
        busy = false;
      };
      this.map.on("move", function () {
        if (busy || waiting || !self.fitted || !self.container.matches(":hover, :focus, :focus-within")) return;
        waiting = true;
        requestAnimationFrame(function () {
          waiting = false;
          channel.postMessage({ centre: self.map.getCenter(), zoom: self.map.getZoom() });
        });
      });
    }
  };

  window.AreaMap = { create: function (map, config) { return new AreaMap(map, config); } };
})();
